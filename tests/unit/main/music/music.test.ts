/** The library's service over time: when it reads the list, and what becomes of files on their way to it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../../contract/ipc/push.ts';
import { type ErrorCode, fail } from '../../../../contract/model/errors.ts';
import { LIBRARY_PLACE } from '../../../../contract/model/limits.ts';
import { cacheName, mediaKey } from '../../../../electron/main/lib/cache-name.ts';
import { Music, type MusicOptions } from '../../../../electron/main/services/music/music.ts';
import { WRITER_OPERATIONS as ops } from '../../../../electron/main/services/store/operations.ts';
import type { UploadRecord } from '../../../../electron/main/services/store/upload-rows.ts';
import { ManualClock, NO_TRANSFERS, recordingLogger } from '../../../helpers/main-parts.ts';
import { knowChat, ME, openStore, type OpenStore } from '../store/open-store.ts';
import { trackOf } from './track-world.ts';

let store: OpenStore;
let clock: ManualClock;
let music: Music;
let events: AccountEvent[];
/** What the server was asked, by route; and what it refuses. */
let asked: string[];
let refuses: Map<string, { code: ErrorCode; retryAfterMs?: number }>;
let isOnline: boolean;
let uploads: Pick<UploadRecord, 'id' | 'chatId' | 'state' | 'fileId'>[];
let refused: string[];
let tellCache: (tag: string, name: string, isHere: boolean) => void;

/** Lets everything run that waits for no clock. */
const settle = async (): Promise<void> => {
  for (let n = 0; n < 50; n += 1) await Promise.resolve();
};

beforeEach(() => {
  store = openStore();
  clock = new ManualClock();
  [events, asked, uploads, refused] = [[], [], [], []];
  isOnline = true;
  refuses = new Map<string, { code: ErrorCode; retryAfterMs?: number }>();
  const { context } = store;
  knowChat(context);
  const call = async (route: string, input: { params?: { id?: string }; body?: { fileId?: string } }) => {
    asked.push(route);
    const problem = refuses.get(route);
    if (problem) return { ...fail(problem.code, 'no', problem), effect: 'unknown' as const };
    const value =
      route === 'music'
        ? { tracks: [trackOf('a', { uploadedBy: ME })], total: 1 }
        : { metadata: trackOf(input.body?.fileId ?? '', { uploadedBy: ME }) };
    return { ok: true as const, value, status: 200 };
  };
  const api = { ...NO_TRANSFERS, call } as unknown as NonNullable<ReturnType<MusicOptions['connection']>>['api'];
  const remote = new Proxy({} as MusicOptions['store'], {
    get: (_target, name) => async (input: unknown) =>
      (Reflect.get(ops, name) as (...given: unknown[]) => unknown)(context, input),
  });
  music = new Music({
    store: remote,
    me: ME,
    tag: context.tag,
    cache: { names: async () => [], onChanged: (run) => ((tellCache = run), () => undefined) },
    connection: () => (isOnline ? { api, has: () => true } : null),
    uploads: {
      all: async () => uploads as UploadRecord[],
      remove: async (id) => void (uploads = uploads.filter((upload) => upload.id !== id)),
      refuse: async (id, problem) => {
        refused.push(`${id} ${problem}`);
        uploads = uploads.filter((upload) => upload.id !== id);
      },
    },
    push: { emit: (event) => events.push(event) },
    clock,
    random: () => 0,
    logger: recordingLogger(),
  });
});
afterEach(async () => {
  await music.stop();
  store.close();
});

describe('the list', () => {
  it('is read when the account is live, and told of once', async () => {
    music.live();
    await settle();
    expect(asked).toEqual(['music']);
    expect(events).toEqual([{ kind: 'music', ids: null, total: 1 }]);
    music.live();
    await settle();
    expect(asked).toEqual(['music', 'music']);
    expect(events).toHaveLength(1);
  });

  it('that cannot be read is asked for again, as late as the server wants it', async () => {
    refuses.set('music', { code: 'rate_limited', retryAfterMs: 60_000 });
    music.live();
    await settle();
    clock.advance(59_999);
    await settle();
    expect(asked).toEqual(['music']);
    refuses.clear();
    clock.advance(1);
    await settle();
    expect(asked).toEqual(['music', 'music']);
    expect(events).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('is not asked for without a connection', async () => {
    isOnline = false;
    music.live();
    await settle();
    expect(asked).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(await music.refresh()).toMatchObject({ error: { code: 'unauthenticated' } });
  });
});

describe('somebody whom the server does not know', () => {
  it('is asked for once', async () => {
    refuses.set('user', { code: 'not_found' });
    store.context.sql.run('DELETE FROM users');
    store.context.people.clear();
    music.live();
    await settle();
    music.live();
    await settle();
    expect(asked).toEqual(['music', 'user', 'music']);
  });
});

describe('files on their way', () => {
  const arrived = (id: string, more: Partial<UploadRecord> = {}) =>
    ({ id, chatId: LIBRARY_PLACE, state: 'ready', fileId: `f-${id}`, ...more }) as const;

  it('are listed when they have arrived, and nothing else is', async () => {
    uploads = [arrived('u1'), arrived('u2', { chatId: 'chat' }), arrived('u3', { state: 'sending', fileId: null })];
    music.uploadsChanged();
    await settle();
    expect(asked).toEqual(['extractMetadata']);
    expect(uploads.map(({ id }) => id)).toEqual(['u2', 'u3']);
    expect(events).toEqual([{ kind: 'music', ids: null, total: 1 }]);
  });

  it.each([
    ['unsupported_media', 'u1 unsupported_media'],
    ['not_found', 'u1 file_gone'],
    ['forbidden', 'u1 file_gone'],
  ] as const)('that the server refuses as %s stay with a word', async (code, expected) => {
    refuses.set('extractMetadata', { code });
    uploads = [arrived('u1')];
    music.uploadsChanged();
    await settle();
    expect(refused).toEqual([expected]);
  });

  it('wait while the server cannot take them', async () => {
    refuses.set('extractMetadata', { code: 'rate_limited', retryAfterMs: 9_000 });
    uploads = [arrived('u1'), arrived('u2')];
    music.uploadsChanged();
    await settle();
    expect(asked).toHaveLength(1);
    refuses.clear();
    clock.advance(9_000);
    await settle();
    expect(uploads).toEqual([]);
    expect(asked).toHaveLength(3);
  });
});

describe('the cache', () => {
  it('is heard of in batches, for this account and for tracks alone', async () => {
    music.live();
    await settle();
    events = [];
    const { tag } = store.context;
    const name = cacheName(tag, mediaKey('a', null));
    tellCache('elsewhere', name, true);
    expect(clock.pending).toBe(0);
    tellCache(tag, cacheName(tag, mediaKey('picture', 'thumb')), true);
    tellCache(tag, name, true);
    clock.advance(200);
    await settle();
    expect(events).toEqual([{ kind: 'music', ids: ['a'], total: 1 }]);
    tellCache(tag, name, false);
    tellCache(tag, name, true);
    clock.advance(200);
    await settle();
    expect(events).toHaveLength(1);
  });
});
