// @vitest-environment happy-dom
/** A party queue beside the player: the songs of a chat in the order of their votes, whatever happens to either. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, disposePinia, setActivePinia, type Pinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PlayerMemory } from '../../../../contract/ipc/music-views.ts';
import type { PartyView, ProposalView } from '../../../../contract/ipc/party-views.ts';
import { fail, ok } from '../../../../contract/model/errors.ts';
import { usePartyStore } from '../../../../renderer/src/stores/account/party.ts';
import { useAccountsStore } from '../../../../renderer/src/stores/accounts.ts';
import { usePlayerStore } from '../../../../renderer/src/stores/player.ts';
import { ACCOUNT, accountsView, accountView, attachmentView, installBridge } from '../bridge-double.ts';
import { trackView } from '../music/track.ts';

vi.mock('../../../../renderer/src/engines/audio/engine.ts', () => ({
  createAudioEngine: () => {
    const none = (): void => undefined;
    const hands = { load: none, play: none, pause: none, seek: none, volume: none };
    return Promise.resolve({ ...hands, rate: none, prepare: none, unload: none });
  },
}));

const PLACE = { chatId: 'chat', messageId: 'opening' };
const song = (id: string, votes = 0, more: Partial<ProposalView> = {}): ProposalView => ({
  ...{ messageId: `m-${id}`, senderName: 'Boris', mine: false, votes },
  track: trackView(id, { title: id, duration: 100 }),
  file: attachmentView(id, { kind: 'audio', mimeType: 'audio/mpeg' }),
  ...more,
});

let party: PartyView | null;
let isAway: boolean;
let kept: PlayerMemory | null;
let pinia: Pinia;

const view = (...proposals: ProposalView[]): void => void (party = { proposals });
const store = () => usePartyStore(ACCOUNT);
const player = () => usePlayerStore();
const titles = (): string[] => player().upcoming.map(({ item }) => item.title);
const plays = (): string | undefined => player().current?.title;

/** Something happens in the chat. */
async function told(chatId = PLACE.chatId): Promise<void> {
  store().apply({ kind: 'messages:stale', chatId });
  await vi.advanceTimersByTimeAsync(200);
}
async function start(): Promise<void> {
  await store().start(PLACE, () => true);
  await flushPromises();
}
/** The same people open the application again. */
function again(): void {
  disposePinia(pinia);
  pinia = createPinia();
  setActivePinia(pinia);
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([accountView()]) });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLMediaElement.prototype, 'canPlayType').mockImplementation((type) =>
    type === 'audio/mpeg' ? 'probably' : '',
  );
  [party, isAway, kept] = [null, false, null];
  pinia = createPinia();
  setActivePinia(pinia);
  const done = (): Promise<ReturnType<typeof ok<null>>> => Promise.resolve(ok(null));
  installBridge({
    player: {
      recall: () => Promise.resolve(ok(kept)),
      keep: ({ memory }) => ((kept = memory), done()),
      ...{ keepPlace: done, tell: done, prefetch: done },
    },
    music: {
      party: ({ chatId, messageId }) => {
        expect({ chatId, messageId }).toEqual(PLACE);
        return Promise.resolve(isAway ? fail('storage_failed', 'not now') : ok(party));
      },
      played: done,
    },
  });
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([accountView()]) });
});
afterEach(() => {
  disposePinia(pinia);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('what follows while the first song plays', () => {
  test.each<[string, ProposalView[], string[]]>([
    ['a vote moves a song forward', [song('c', 2), song('a', 1), song('b')], ['a', 'c', 'b']],
    [
      'of a tie the earlier one stays first, as main has put them',
      [song('a', 1), song('b', 1), song('c', 1)],
      ['a', 'b', 'c'],
    ],
    [
      'a song that comes late takes the place of its votes',
      [song('d', 3), song('a'), song('b'), song('c')],
      ['a', 'd', 'b', 'c'],
    ],
    [
      'a song that does not play here is left out',
      [song('a'), song('x', 5, { track: trackView('x', { mimeType: 'audio/x-ms-wma' }) }), song('b'), song('c')],
      ['a', 'b', 'c'],
    ],
    ['a song that was taken back waits behind those that are proposed', [song('a'), song('c')], ['a', 'c', 'b']],
  ])('%s', async (_name, proposals, expected) => {
    view(song('a'), song('b'), song('c'));
    await store().start(PLACE, (mimeType) => mimeType === 'audio/mpeg');
    expect(titles()).toEqual(['a', 'b', 'c']);
    view(...proposals);
    await told();
    expect([plays(), titles()]).toEqual(['a', expected]);
    expect(store().votes).toEqual(new Map(proposals.map(({ file, votes }) => [file.id, votes])));
  });

  test('entries keep their names, so that nothing that plays begins again', async () => {
    view(song('a'), song('b'), song('c'));
    await start();
    const before = new Map(player().queue.entries.map(({ key, item }) => [item.fileId, key]));
    view(song('c', 1), song('b'), song('a'));
    await told();
    expect(new Map(player().queue.entries.map(({ key, item }) => [item.fileId, key]))).toEqual(before);
  });

  test('of much that happens at once it looks once, and not for another chat', async () => {
    view(song('a'), song('b'));
    await start();
    view(song('b', 1), song('a'), song('c'));
    await told('another chat');
    expect(titles()).toEqual(['a', 'b']);
    for (let n = 0; n < 5; n += 1) store().apply({ kind: 'messages:stale', chatId: 'chat' });
    expect(store().version('chat')).toBe(5);
    await vi.advanceTimersByTimeAsync(200);
    expect(titles()).toEqual(['a', 'b', 'c']);
  });
});

describe('the end of a party', () => {
  const follows = async (): Promise<boolean> => {
    view(song('c', 9), song('a'), song('b'));
    await told();
    return titles().includes('c');
  };
  test.each<[string, () => void | Promise<void>]>([
    ['one leaves it', () => store().stop()],
    [
      'the message that opened it is gone',
      async () => {
        party = null;
        await told();
      },
    ],
    [
      'something else is played',
      () => player().play([{ ...(player().current ?? expect.fail()), fileId: 'z', from: null }]),
    ],
    ['the queue is cleared', () => player().clear()],
  ])('comes when %s; the order stays', async (_name, end) => {
    view(song('a'), song('b'));
    await start();
    expect(store().isOn(PLACE)).toBe(true);
    await end();
    await flushPromises();
    expect([store().isOn(PLACE), store().place, player().party]).toEqual([false, null, null]);
    expect(await follows()).toBe(false);
  });

  test('does not come when it cannot be read for a moment', async () => {
    view(song('a'), song('b'));
    await start();
    isAway = true;
    await told();
    expect([store().isOn(PLACE), titles()]).toEqual([true, ['a', 'b']]);
    isAway = false;
    expect(await follows()).toBe(true);
  });
});

test('nothing to play is said, and changes nothing', async () => {
  view();
  expect(await store().start(PLACE, () => true)).toEqual(ok(false));
  view(song('a'));
  expect(await store().start(PLACE, () => false)).toEqual(ok(false));
  expect([store().place, titles()]).toEqual([null, []]);
});

test('it goes on after a restart, with what has come meanwhile', async () => {
  view(song('a'), song('b'));
  await start();
  await vi.advanceTimersByTimeAsync(1000);
  expect(kept?.party).toEqual({ accountId: ACCOUNT, ...PLACE });
  again();
  view(song('c', 2), song('b', 1), song('a'));
  store();
  await player().recall();
  await flushPromises();
  expect([store().isOn(PLACE), plays(), titles(), player().playing]).toEqual([true, 'a', ['a', 'c', 'b'], false]);
  expect(store().votes.get('c')).toBe(2);
});

test('a party of another account takes its place', async () => {
  const other = 'https://relay.example.org other';
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([accountView(), accountView(other)]) });
  view(song('a'));
  await start();
  await usePartyStore(other).start(PLACE, () => true);
  expect([store().place, usePartyStore(other).isOn(PLACE)]).toEqual([null, true]);
  // Leaving the one that is over does not end the other.
  store().stop();
  expect(usePartyStore(other).isOn(PLACE)).toBe(true);
});

test('after a restart, songs that do not play here are left out as before it', async () => {
  view(song('a'), song('b'));
  await start();
  await vi.advanceTimersByTimeAsync(2000);
  view(song('a'), song('x', 5, { track: trackView('x', { mimeType: 'audio/x-ms-wma' }) }), song('b'));
  again();
  await player().recall();
  store();
  await flushPromises();
  expect(titles()).toEqual(['a', 'b']);
});
