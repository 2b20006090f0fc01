/** A call whose signals are more frames than the relay takes from a person: each of them arrives, in order, once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallSignalView, CallView } from '../../../contract/ipc/call-views.ts';
import { isOfAccount } from '../../../contract/ipc/coalesce.ts';
import type { AccountEvent } from '../../../contract/ipc/push.ts';
import { startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

interface Person {
  main: TestMain;
  accountId: string;
  own: Awaited<ReturnType<typeof ownFolder>>;
}

let relay: TestRelay;
const people: Person[] = [];

async function person(username: string): Promise<Person> {
  const own = await ownFolder();
  const main = await startMain(own.folder, secretStore('strong'), relay.url);
  const names = { username, password: 'a fine password', firstName: username, lastName: 'Example', age: 30, bio: '' };
  const opened = await main.call('accounts.register', { server: relay.url, ...names });
  if (!opened.ok) throw new Error(opened.error.message);
  const made = { main, own, accountId: opened.value.accountId };
  people.push(made);
  await until(`${username} is live`, () => main.logger.of('sync.live').length > 0);
  await main.call('app.ready', {});
  return made;
}

beforeAll(async () => {
  relay = await startTestRelay({ limits: { framesPerSecond: 12, framesBurst: 14 } });
});
afterAll(async () => {
  for (const { main, own } of people) {
    await main.close();
    await own.remove();
  }
  await relay.close();
});

const events = ({ main, accountId }: Person): AccountEvent[] =>
  main.pushed.flatMap((push) => (isOfAccount(push) && push.accountId === accountId ? [push.event] : []));
const callOf = (who: Person): CallView | undefined =>
  events(who)
    .flatMap((event) => (event.kind === 'call' ? [event.call] : []))
    .at(-1);
const signalsOf = (who: Person): CallSignalView[] =>
  events(who).flatMap((event) => (event.kind === 'call:signal' ? [event.signal] : []));

it('loses none of them', async () => {
  const [ada, ben] = [await person('ada'), await person('ben')];
  const found = await ada.main.call('users.search', { accountId: ada.accountId, q: 'ben' });
  const chat = await ada.main.call('chats.create', {
    accountId: ada.accountId,
    userId: found.ok ? (found.value[0]?.id ?? '') : '',
  });
  const started = await ada.main.call('calls.start', {
    accountId: ada.accountId,
    chatId: chat.ok ? chat.value.id : '',
    type: 'audio',
  });
  const key = started.ok ? started.value.key : '';
  await until('the ring', () => callOf(ben)?.state === 'ringing');
  const onBen = { accountId: ben.accountId, key: callOf(ben)?.key ?? '' };
  await ben.main.call('calls.accept', { ...onBen, withVideo: false });
  const yes: CallSignalView = { kind: 'answer', description: { type: 'answer', sdp: 'yes' } };
  await ben.main.call('calls.signal', { ...onBen, signal: yes });
  await until('the call', () => callOf(ada)?.state === 'active' && callOf(ben)?.state === 'active');
  const all: CallSignalView[] = [
    { kind: 'offer', description: { type: 'offer', sdp: 'v=0' } },
    ...Array.from({ length: 20 }, (_, n): CallSignalView => ({
      kind: 'candidate',
      candidate: { candidate: `candidate:${String(n)}` },
    })),
  ];
  // At once: faster than the limit comes back.
  await Promise.all(all.map((signal) => ada.main.call('calls.signal', { accountId: ada.accountId, key, signal })));
  await until('all of them', () => signalsOf(ben).length >= all.length);
  expect(ada.main.logger.of('account.frame_refused').length).toBeGreaterThan(0);
  // Candidates may overtake each other, but each arrives once.
  const names = signalsOf(ben).map((signal) => JSON.stringify(signal));
  expect(names.toSorted()).toEqual(all.map((signal) => JSON.stringify(signal)).toSorted());
  expect(signalsOf(ben)[0]?.kind).toBe('offer');
});
