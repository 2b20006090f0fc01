// @vitest-environment happy-dom
/** Files on their way out, against a bridge of the test: what main is told, and what the composer shows of its answers. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { UploadList, UploadView } from '#contract/ipc/file-views.ts';
import { fail, ok, type ErrorCode } from '#contract/model/errors.ts';
import { MAX_CHUNK_BYTES, MAX_STAGED_BYTES, MOST_FILES } from '#contract/model/limits.ts';
import { useUploadsStore } from '../../../../renderer/src/stores/account/uploads.ts';
import { ACCOUNT, deferred, installBridge, uploadView, type Answers } from '../bridge-double.ts';

/** A picture that gets smaller, by what the engine is told of it. */
const engine = vi.hoisted(() => ({ reduced: null as Blob | null, asked: [] as string[] }));
vi.mock('../../../../renderer/src/engines/pictures.ts', async (original) => ({
  ...(await original<object>()),
  reducePicture: (picture: Blob) => {
    engine.asked.push(picture.type);
    return Promise.resolve(engine.reduced);
  },
}));

const CHAT = 'c1';
const file = (name: string, content = 'x', type = ''): File => new File([content], name, { type });
const of = (id: string, more: Partial<UploadView> = {}): UploadView => uploadView(id, { chatId: CHAT, ...more });
const picture = (id: string, more: Partial<UploadView> = {}): UploadView =>
  of(id, {
    ...{ kind: 'image', mimeType: 'image/jpeg', name: `${id}.jpg`, width: 4000, height: 3000 },
    ...{ canReduce: true, previewUrl: `/media/${id}` },
    ...more,
  });

let pieces: ChannelInput<'files.stageBytes'>[] = [];
let reduces: [id: string, on: boolean][] = [];
let staged: string[] = [];

/** A main that stages every file by its path, under its own name. */
function main(files: Answers['files'] = {}, stageFiles?: Answers['stageFiles']): void {
  installBridge({
    stageFiles:
      stageFiles ??
      ((input, given) => {
        staged.push(...given.map(({ name }) => name));
        expect(input).toEqual({ accountId: ACCOUNT, chatId: CHAT });
        return Promise.resolve(ok({ staged: given.map(({ name }) => of(name)), refused: [] }));
      }),
    files: {
      stageBytes(input) {
        pieces.push(input);
        const upload = input.last ? of('made', { name: input.name, reduced: input.replaces !== undefined }) : null;
        return Promise.resolve(ok({ uploadId: 'made', upload }));
      },
      reduce({ uploadId, reduce }) {
        reduces.push([uploadId, reduce]);
        return Promise.resolve(ok(null));
      },
      ...files,
    },
  });
}

const store = () => useUploadsStore(ACCOUNT);
/** Main's list of a reading of its store. */
const tell = (revision: number, ...uploads: UploadView[]): void =>
  store().apply({ kind: 'uploads', chatId: CHAT, revision, uploads });
const push = (...uploads: UploadView[]): void => tell(1, ...uploads);
const list = (...uploads: UploadView[]): UploadList => ({ revision: 1, uploads });
const ids = (): string[] =>
  store()
    .composing(CHAT)
    .map(({ id }) => id);
const refusals = (): [string, ErrorCode][] =>
  store()
    .refusedIn(CHAT)
    .map(({ name, code }) => [name, code]);

beforeEach(() => {
  setActivePinia(createPinia());
  [pieces, reduces, staged] = [[], [], []];
  engine.reduced = null;
  engine.asked = [];
  main();
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('the original')));
});
afterEach(() => vi.unstubAllGlobals());

describe('attaching', () => {
  test('files stay in their order, and are shown before main pushes its list', async () => {
    await store().attach(CHAT, [file('b'), file('a'), file('c')]);
    expect(staged).toEqual(['b', 'a', 'c']);
    expect(ids()).toEqual(['b', 'a', 'c']);
  });

  test('a list that left main before the answer does not take a file out again', async () => {
    let revision = 4;
    main({}, (_input, given) =>
      Promise.resolve(ok({ staged: given.map(({ name }) => of(name, { revision: (revision += 1) })), refused: [] })),
    );
    await store().attach(CHAT, [file('a'), file('b')]);
    tell(5, of('a', { state: 'sending', revision: 5 }));
    expect(ids()).toEqual(['a', 'b']);
    // Sent with a message, it does not come back to the composer either.
    store().leave(['a', 'b']);
    tell(5, of('a', { state: 'ready', revision: 5 }));
    tell(6, of('a', { revision: 6 }), of('b', { revision: 6 }));
    expect(ids()).toEqual([]);
    store().comeBack(['a', 'b']);
    expect(ids()).toEqual(['a', 'b']);
    // A newer list without it: it is gone.
    tell(7, of('a', { revision: 7 }));
    expect(ids()).toEqual(['a']);
  });

  test('what is attached later comes after what is still on its way', async () => {
    const first = Promise.withResolvers<void>();
    main({}, (_input, given) => {
      const name = given[0]?.name ?? '';
      return (name === 'slow' ? first.promise : Promise.resolve()).then(() => ok({ staged: [of(name)], refused: [] }));
    });
    const attached = [store().attach(CHAT, [file('slow')]), store().attach(CHAT, [file('quick')])];
    await flushPromises();
    expect([store().comingTo(CHAT), ids()]).toEqual([['slow', 'quick'], []]);
    first.resolve();
    await Promise.all(attached);
    expect([store().comingTo(CHAT), ids()]).toEqual([[], ['slow', 'quick']]);
  });

  test('what main refuses is named with its reason, and the others come through', async () => {
    main({}, (_input, [given]) =>
      Promise.resolve(
        given?.name === 'bad'
          ? ok({ staged: [], refused: [{ name: 'bad', code: 'file_too_large' }] })
          : ok({ staged: [of(given?.name ?? '')], refused: [] }),
      ),
    );
    await store().attach(CHAT, [file('bad'), file('good')]);
    expect(ids()).toEqual(['good']);
    expect(refusals()).toEqual([['bad', 'file_too_large']]);
    store().dismiss(CHAT, store().refusedIn(CHAT)[0]?.id ?? '');
    expect(refusals()).toEqual([]);
  });

  test('a failure of main itself is the reason too', async () => {
    main({}, () => Promise.resolve(fail('storage_failed', 'full')));
    await store().attach(CHAT, [file('one')]);
    expect(refusals()).toEqual([['one', 'storage_failed']]);
  });

  test('more than a message may carry are refused, whatever main would take', async () => {
    const many = Array.from({ length: MOST_FILES + 2 }, (_, at) => file(`f${String(at)}`));
    await store().attach(CHAT, many);
    expect(ids()).toHaveLength(MOST_FILES);
    expect(refusals()).toEqual([
      ['f10', 'too_many_files'],
      ['f11', 'too_many_files'],
    ]);
  });
});

describe('a file without a path', () => {
  const pathless: Answers['stageFiles'] = (_input, given) =>
    Promise.resolve(ok({ staged: [], refused: given.map(({ name }) => ({ name, code: 'no_path' as const })) }));

  test('goes to main in pieces', async () => {
    main({}, pathless);
    const content = 'a'.repeat(MAX_CHUNK_BYTES) + 'b'.repeat(10);
    await store().attach(CHAT, [file('pasted.png', content, 'image/png')]);
    expect(ids()).toEqual(['made']);
    expect(pieces.map(({ uploadId, last, chunk }) => [uploadId, last, chunk.byteLength])).toEqual([
      [null, false, MAX_CHUNK_BYTES],
      ['made', true, 10],
    ]);
    const [first] = pieces;
    expect(first).toMatchObject({
      ...{ accountId: ACCOUNT, chatId: CHAT, name: 'pasted.png', mimeType: 'image/png' },
      ...{ size: content.length, voice: false },
    });
    expect(first).not.toHaveProperty('replaces');
    expect(new TextDecoder().decode(pieces[1]?.chunk)).toBe('bbbbbbbbbb');
  });

  it.each<[string, File, ErrorCode]>([
    ['empty', file('f', ''), 'file_empty'],
    [
      'too large to come this way',
      Object.defineProperty(file('f'), 'size', { value: MAX_STAGED_BYTES + 1 }),
      'no_path',
    ],
    [
      'gone since it was chosen',
      Object.defineProperty(file('f'), 'slice', {
        value: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }),
      }),
      'file_unreadable',
    ],
  ])('that is %s is refused', async (_name, given, code) => {
    main({}, pathless);
    await store().attach(CHAT, [given]);
    expect(refusals()).toEqual([['f', code]]);
    expect(pieces).toEqual([]);
  });

  test('main refuses a piece: nothing more is sent', async () => {
    main({ stageBytes: (input) => (pieces.push(input), Promise.resolve(fail('disk_full', 'no space'))) }, pathless);
    await store().attach(CHAT, [file('f', 'a'.repeat(2 * MAX_CHUNK_BYTES))]);
    expect(refusals()).toEqual([['f', 'disk_full']]);
    expect(pieces).toHaveLength(1);
  });
});

describe('a large picture', () => {
  const shots: Answers['stageFiles'] = (_input, given) =>
    Promise.resolve(ok({ staged: given.map(({ name }) => picture(name)), refused: [] }));
  beforeEach(() => main({}, shots));

  test('is scaled down, and the smaller one takes its place', async () => {
    engine.reduced = new Blob(['small'], { type: 'image/jpeg' });
    await store().attach(CHAT, [file('shot')]);
    await vi.waitFor(() => expect(pieces).toHaveLength(1));
    expect(engine.asked).toEqual(['image/jpeg']);
    expect(reduces).toEqual([['shot', true]]);
    expect(pieces[0]).toMatchObject({ replaces: 'shot', name: 'shot.jpg', mimeType: 'image/jpeg', size: 5 });
  });

  test('has the ending of what it became', async () => {
    engine.reduced = new Blob(['small'], { type: 'image/webp' });
    await store().attach(CHAT, [file('shot')]);
    await vi.waitFor(() => expect(pieces[0]?.name).toBe('shot.webp'));
  });

  test('that gets no smaller is sent as it is', async () => {
    await store().attach(CHAT, [file('shot')]);
    await vi.waitFor(() =>
      expect(reduces).toEqual([
        ['shot', true],
        ['shot', false],
      ]),
    );
    expect(pieces).toEqual([]);
    // It will not get any smaller.
    await store().setOriginal(CHAT, false);
    expect(reduces).toHaveLength(2);
  });

  test('that main cannot show any more is sent as it is', async () => {
    engine.reduced = new Blob(['small']);
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })));
    await store().attach(CHAT, [file('shot')]);
    await vi.waitFor(() => expect(reduces.at(-1)).toEqual(['shot', false]));
    expect(engine.asked).toEqual([]);
  });

  test('stays as it is on request, and what follows does too', async () => {
    await store().attach(CHAT, [file('one')], true);
    await store().attach(CHAT, [file('two')]);
    await flushPromises();
    expect(store().isOriginal(CHAT)).toBe(true);
    expect(reduces).toEqual([]);
    store().forgetOriginal(CHAT);
    expect(store().isOriginal(CHAT)).toBe(false);
  });

  test('comes back on request, and can be made smaller again', async () => {
    engine.reduced = new Blob(['small'], { type: 'image/jpeg' });
    await store().attach(CHAT, [file('shot')]);
    await vi.waitFor(() => expect(pieces).toHaveLength(1));
    push(picture('made', { reduced: true, canReduce: false }));
    reduces = [];
    await store().setOriginal(CHAT, true);
    expect(reduces).toEqual([['made', false]]);
    push(picture('shot2'));
    await store().setOriginal(CHAT, false);
    expect(reduces.slice(1)).toEqual([['shot2', true]]);
  });

  test('is left alone where nothing would be saved', async () => {
    main({}, (_input, given) =>
      Promise.resolve(
        ok({ staged: given.map(({ name }) => picture(name, { width: 800, height: 600, size: 90_000 })), refused: [] }),
      ),
    );
    await store().attach(CHAT, [file('small')]);
    await flushPromises();
    expect(reduces).toEqual([]);
  });
});

describe('what the composer shows', () => {
  test('is what no message has', () => {
    push(of('here'), of('there', { messageKey: 'm1' }));
    expect(ids()).toEqual(['here']);
    expect(store().get(CHAT, 'there')?.id).toBe('there');
    expect(store().get('another', 'there')).toBeNull();
  });

  test('loses its files at once when they are sent, and has them back when that failed', () => {
    push(of('a'), of('b'));
    store().leave(['a', 'b']);
    expect(ids()).toEqual([]);
    push(of('a'), of('b'));
    expect(ids()).toEqual([]);
    store().comeBack(['a', 'b']);
    expect(ids()).toEqual(['a', 'b']);
  });

  test('takes a file back that a cancelled message had', () => {
    push(of('a'));
    store().leave(['a']);
    push(of('a', { messageKey: 'm1' }));
    push(of('a'));
    expect(ids()).toEqual(['a']);
  });

  test('does not show a voice message on its way', () => {
    push(of('a', { voice: true }));
    store().speak(CHAT, true);
    expect(ids()).toEqual([]);
    store().speak(CHAT, false);
    expect(ids()).toEqual(['a']);
  });

  test('forgets what is removed at once, and shows it again if main would not', async () => {
    const answer = deferred<ReturnType<typeof fail>>();
    main({ remove: () => answer.promise });
    push(of('a'));
    const removed = store().remove('a');
    expect(ids()).toEqual([]);
    answer.resolve(fail('too_late', 'sent'));
    await removed;
    expect(ids()).toEqual(['a']);
  });

  test('a new order is shown at once and told', async () => {
    const arrange = vi.fn((_input: unknown) => Promise.resolve(ok(null)));
    main({ arrange });
    push(of('a'), of('b'), of('c'), of('sent', { messageKey: 'm' }));
    await store().arrange(CHAT, ['c', 'a', 'b']);
    expect(ids()).toEqual(['c', 'a', 'b']);
    expect(arrange).toHaveBeenCalledWith({ accountId: ACCOUNT, chatId: CHAT, ids: ['c', 'a', 'b'] });
  });

  test('keeps tags of those that have some', async () => {
    const keepTags = vi.fn((_input: unknown) => Promise.resolve(ok(null)));
    main({ keepTags });
    push(of('a', { tagged: true }), of('b'), of('c', { tagged: true, keepTags: true }));
    expect(await store().setKeepTags(CHAT, true)).toEqual(ok(null));
    expect(keepTags.mock.calls).toEqual([[{ accountId: ACCOUNT, uploadId: 'a', keep: true }]]);
  });
});

describe('at the opening of a chat', () => {
  test('main is asked, and a push that came meanwhile wins', async () => {
    const answer = deferred<ReturnType<typeof ok<UploadList>>>();
    main({ uploads: () => answer.promise });
    const loaded = store().load(CHAT);
    push(of('newer'));
    answer.resolve(ok(list(of('older'))));
    await loaded;
    expect(ids()).toEqual(['newer']);
  });

  test('a file that was attached meanwhile stays, whatever main had listed before', async () => {
    const answer = deferred<ReturnType<typeof ok<UploadList>>>();
    main({ uploads: () => answer.promise }, (_input, given) =>
      Promise.resolve(ok({ staged: given.map(({ name }) => of(name, { revision: 2 })), refused: [] })),
    );
    const loaded = store().load(CHAT);
    await store().attach(CHAT, [file('new')]);
    answer.resolve(ok(list(of('older'))));
    await loaded;
    expect(ids()).toEqual(['older', 'new']);
  });

  test('a picture that waits for a smaller one is made smaller', async () => {
    engine.reduced = new Blob(['small'], { type: 'image/jpeg' });
    main({ uploads: () => Promise.resolve(ok(list(picture('shot', { state: 'staging' }), picture('other')))) });
    await store().load(CHAT);
    await vi.waitFor(() => expect(pieces.map(({ replaces }) => replaces)).toEqual(['shot']));
  });

  test('after a snapshot the known chats are asked about again', async () => {
    const uploads = vi.fn((_input: unknown) => Promise.resolve(ok(list(of('again')))));
    main({ uploads });
    push(of('a'));
    store().apply({ kind: 'chats:reset', chats: [], more: false });
    await flushPromises();
    expect(uploads).toHaveBeenCalledExactlyOnceWith({ accountId: ACCOUNT, chatId: CHAT });
    expect(ids()).toEqual(['again']);
  });
});
