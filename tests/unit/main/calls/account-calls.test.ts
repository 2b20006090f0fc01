/** The calls of an account against a server that the test scripts, and a clock that it moves. */
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../../contract/api/call.ts';
import type { AccountEvent } from '../../../../contract/ipc/push.ts';
import type { ChatView } from '../../../../contract/ipc/views.ts';
import { RING_GRACE_MS, RING_MS } from '../../../../contract/model/call-state.ts';
import { fail, type ErrorCode } from '../../../../contract/model/errors.ts';
import type { ClientFrame } from '../../../../contract/ws/client-frames.ts';
import { AccountCalls } from '../../../../electron/main/services/calls/account-calls.ts';
import { CallLine } from '../../../../electron/main/services/calls/call-line.ts';
import type { AccountContext, ApiOutcome } from '../../../../electron/main/services/ports.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const settled = async (): Promise<void> => {
  for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
};
const ada = { id: 'ada', username: 'ada', firstName: 'Ada', lastName: 'Example' };
const me = { id: 'me', username: 'me', firstName: 'My', lastName: 'Self' };

function call(status: Call['status'], more: Partial<Call> = {}): Call {
  return {
    id: 'c',
    chatId: 'chat',
    type: 'audio',
    status,
    initiator: me,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

/** What the server answers, by route: the next one each time, the last one for ever. */
type Script = Partial<Record<string, (Call | Call[] | ErrorCode)[]>>;

function world(script: Script = {}, line = new CallLine()) {
  const clock = new ManualClock();
  const events: AccountEvent[] = [];
  const asked: string[] = [];
  const sent: ClientFrame[] = [];
  const api = {
    async call(route: string, input: { params?: { callId: string } }): Promise<ApiOutcome<unknown>> {
      asked.push(`${route} ${input.params?.callId ?? ''}`.trim());
      const answers = script[route] ?? [call('ended')];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (typeof answer === 'string') {
        return { ...fail(answer, 'refused'), effect: answer === 'server_timeout' ? 'unknown' : 'not_stored' };
      }
      const value = Array.isArray(answer) ? { calls: answer } : { call: answer };
      return { ok: true, value, status: 200 };
    },
  };
  let keys = 0;
  const calls = new AccountCalls({
    accountId: 'a',
    me: 'me',
    clock,
    logger: recordingLogger(),
    push: { emit: (event) => events.push(event) },
    shared: { line, device: 'this-device', answerMs: 1_000, onMedia: () => undefined },
    connection: () => ({ api, has: () => true }) as unknown as AccountContext,
    chat: async () => ({ peer: { id: 'ada', name: 'Ada Example', avatarUrl: null } }) as ChatView,
    newKey: () => `k${String((keys += 1))}`,
    send: (frame) => sent.push(frame) > 0,
  });
  const states = (): string[] =>
    events.flatMap((event) => (event.kind === 'call' ? [`${event.call.state} ${event.call.end ?? ''}`.trim()] : []));
  const incoming = (id = 'c'): void =>
    calls.frame({ type: 'call:incoming', data: { id, chatId: 'chat', type: 'audio', initiator: ada } });
  /** Time passes, and what waits for it goes on. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  return { calls, clock, events, asked, sent, states, incoming, pass };
}
const start = { chatId: 'chat', type: 'audio' as const };

describe('a call made here', () => {
  it('is asked for again when nobody knows whether the server has heard it', async () => {
    const { calls, asked, states, pass } = world({ initiateCall: ['server_timeout', call('ringing')] });
    await calls.start(start);
    await settled();
    expect(states()).toEqual(['starting']);
    await pass(300);
    expect([asked, states()]).toEqual([
      ['initiateCall', 'initiateCall'],
      ['starting', 'ringing'],
    ]);
  });

  it('that the server may have made unheard is ended there once the socket is back', async () => {
    const script: Script = { initiateCall: ['server_timeout'], calls: [[call('ringing', { id: 'ghost' })]] };
    const { calls, asked, states, pass } = world(script);
    await calls.start(start);
    for (let n = 0; n < 3; n += 1) await pass(2_000);
    expect(states()).toEqual(['starting', 'ended unreachable']);
    calls.opened();
    await settled();
    expect(asked.at(-1)).toBe('endCall ghost');
  });

  it.each<[ErrorCode, string]>([
    ['busy', 'ended busy'],
    ['offline', 'ended unreachable'],
    ['forbidden', 'ended failed'],
  ])('that is refused with `%s` says so', async (code, state) => {
    const { calls, states } = world({ initiateCall: [code] });
    await calls.start(start);
    await settled();
    expect(states()).toEqual(['starting', state]);
    expect(calls.view).toBeNull();
  });

  it('that was given up before the server had answered is ended there', async () => {
    const { calls, asked, states } = world({ initiateCall: [call('ringing')] });
    const made = await calls.start(start);
    calls.end({ key: made.ok ? made.value.key : '', reason: 'hung_up' });
    await settled();
    expect([states(), asked]).toEqual([
      ['starting', 'ended cancelled'],
      ['initiateCall', 'endCall c'],
    ]);
  });

  it('was answered or ended while the socket was away: the list tells', async () => {
    const { calls, states } = world({
      initiateCall: [call('ringing')],
      calls: [[call('active')], [call('ended', { duration: 9 })]],
    });
    await calls.start(start);
    await settled();
    calls.opened();
    await settled();
    calls.opened();
    await settled();
    expect(states()).toEqual(['starting', 'ringing', 'active', 'ended hung_up']);
  });

  it('while the other side’s call comes in is that one', async () => {
    const { calls, states, incoming } = world({ initiateCall: [call('active', { id: 'theirs', initiator: ada })] });
    await calls.start(start);
    incoming('theirs');
    await settled();
    expect([states(), calls.view?.incoming, calls.view?.id]).toEqual([['starting', 'active'], true, 'theirs']);
  });
});

describe('a call that comes in', () => {
  it('rings once, however often it is told, and is missed in the end', async () => {
    const { states, incoming, pass } = world();
    incoming();
    incoming();
    expect(states()).toEqual(['ringing']);
    await pass(RING_MS + RING_GRACE_MS);
    expect(states()).toEqual(['ringing', 'ended missed']);
    incoming();
    expect(states()).toHaveLength(2);
  });

  it('that cannot be answered any more has ended, as the list says or not', async () => {
    const { calls, states, incoming } = world({ answerCall: ['conflict'], calls: [[]] });
    incoming();
    expect(await calls.accept({ key: 'k1', withVideo: false })).toMatchObject({ ok: false });
    expect(states()).toEqual(['ringing', 'ended missed']);
  });

  it('is answered once by two clicks', async () => {
    const { calls, asked, incoming } = world({ answerCall: [call('active', { initiator: ada })] });
    incoming();
    await Promise.all([calls.accept({ key: 'k1', withVideo: false }), calls.accept({ key: 'k1', withVideo: true })]);
    expect(asked).toEqual(['answerCall c']);
    expect(calls.view?.state).toBe('active');
  });

  it('while another account has the line is refused there and told as missed; a flood of them is not', async () => {
    const line = new CallLine();
    const release = line.take('of another account');
    const { states, asked, incoming } = world({}, line);
    for (let n = 0; n < 30; n += 1) incoming(`c${String(n)}`);
    await settled();
    expect([states().length, asked.length]).toEqual([10, 10]);
    expect(new Set(states())).toEqual(new Set(['ended missed']));
    release?.();
    incoming('next');
    expect(states().at(-1)).toBe('ringing');
  });

  it('was missed while the socket was away: it is told once, and what is older than this run is not', async () => {
    const missed = (id: string): Call => call('missed', { id, initiator: ada });
    const { calls, events, states } = world({ calls: [[missed('old')], [missed('new'), missed('old')]] });
    for (let n = 0; n < 3; n += 1) {
      calls.opened();
      await settled();
    }
    expect(states()).toEqual(['ended missed']);
    const [event] = events as Extract<AccountEvent, { kind: 'call' }>[];
    expect(event?.call).toMatchObject({
      id: 'new',
      incoming: true,
      peer: { name: 'Ada Example' },
    });
  });
});

describe('a call that runs', () => {
  async function running() {
    const made = world({ answerCall: [call('active', { initiator: ada })], calls: [[]] });
    made.incoming();
    await made.calls.accept({ key: 'k1', withVideo: false });
    return made;
  }

  it('ends when its page does not come back, and goes on when it does', async () => {
    const { calls, states, pass } = await running();
    calls.pageGone();
    await pass(10_000);
    calls.pageBack();
    await pass(60_000);
    expect(calls.view?.state).toBe('active');
    calls.pageGone();
    await pass(15_000);
    expect(states().at(-1)).toBe('ended failed');
  });

  it('drops signals of another call, and sends its own again when the socket is back', async () => {
    const { calls, events, sent } = await running();
    calls.frame({ type: 'call:ice-candidate', callId: 'other', candidate: null });
    expect(events.filter(({ kind }) => kind === 'call:signal')).toEqual([]);
    calls.signal({ key: 'k1', signal: { kind: 'answer', description: { type: 'answer', sdp: 'x' } } });
    calls.opened();
    expect(sent).toHaveLength(2);
    expect(events.some(({ kind }) => kind === 'call:network')).toBe(true);
  });

  it('sends its signals again when the server took too many frames, later each time, and not past its end', async () => {
    const { calls, sent, pass } = await running();
    calls.signal({ key: 'k1', signal: { kind: 'answer', description: { type: 'answer', sdp: 'x' } } });
    expect(sent).toHaveLength(1);
    calls.refused(0);
    // More of them were refused at the same time: they are one reason.
    calls.refused(0);
    await pass(999);
    expect(sent).toHaveLength(1);
    await pass(1);
    expect(sent).toEqual([sent[0], sent[0]]);
    // What goes again may be refused again.
    calls.refused(0);
    await pass(1_000 + 1_999);
    expect(sent).toHaveLength(2);
    await pass(1);
    expect(sent).toHaveLength(3);
    await pass(60_000);
    expect(sent).toHaveLength(3);
    // The server's own wait counts where it is longer.
    calls.refused(20_000);
    await pass(19_999);
    expect(sent).toHaveLength(3);
    calls.end({ key: 'k1', reason: 'hung_up' });
    await pass(60_000);
    expect(sent).toHaveLength(3);
    // Nothing to send.
    calls.refused(0);
    await pass(60_000);
    expect(sent).toHaveLength(3);
  });

  it('is ended when its account closes, without waiting for ever for the server', async () => {
    const { calls, states, asked, clock } = await running();
    await calls.close();
    expect([states().at(-1), asked.at(-1)]).toEqual(['ended hung_up', 'endCall c']);
    expect(clock.pending).toBe(0);
  });
});
