import { describe, expect, it } from 'vitest';
import { ServerFrame, type ServerFrameOf } from '../../../../contract/ws/server-frames.ts';
import {
  ECHO_MS,
  LIVE_BURST,
  LIVE_PER_SECOND,
  LiveSends,
} from '../../../../electron/main/services/outbox/live-sends.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

const BODY = { chatId: 'c1', content: 'Hello', clientId: 'k1' };

function echo(clientId: string | undefined, senderId = 'me'): ServerFrameOf<'message:new'> {
  const data = { id: 'm1', chatId: 'c1', senderId, content: 'Hello', status: 'sent', clientId };
  const frame = ServerFrame.parse({ type: 'message:new', data: { ...data, createdAt: '2026-01-01T00:00:00.000Z' } });
  if (frame.type !== 'message:new') throw new Error('not an echo');
  return frame;
}

function refusal(code: string, clientId: string | null, retryAfterMs?: number): ServerFrameOf<'error'> {
  return { type: 'error', data: { code, message: 'a secret of the server', clientId, retryAfterMs } };
}

function world(isOpen = true) {
  const clock = new ManualClock();
  const frames: unknown[] = [];
  const live = new LiveSends({ clock, me: 'me', send: (frame) => (isOpen && frames.push(frame), isOpen) });
  return { clock, frames, live };
}

describe('a message over the socket', () => {
  it('leaves with its key, and its own echo is the answer', async () => {
    const { clock, frames, live } = world();
    const sent = live.send('k1', BODY);
    expect(frames).toEqual([{ type: 'message:send', data: BODY }]);
    live.heard(echo('k1'));
    expect(await sent).toMatchObject({ ok: true, value: { message: { id: 'm1', clientId: 'k1' } } });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['without a key', echo(undefined)],
    ['with another key', echo('k2')],
    ['of another person with the same key', echo('k1', 'other')],
  ])('an echo %s is no answer', async (_what, frame) => {
    const { clock, live } = world();
    const sent = live.send('k1', BODY);
    live.heard(frame);
    clock.advance(ECHO_MS - 1);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect(await sent).toMatchObject({ ok: false, error: { code: 'server_timeout' }, effect: 'unknown' });
  });

  it.each([
    ['rate_limited', 'rate_limited', 'not_stored', 1500],
    ['forbidden', 'forbidden', 'not_stored', undefined],
    ['server_error', 'server_error', 'unknown', undefined],
    ['a_code_of_another_server', 'server_error', 'unknown', undefined],
  ] as const)('a refusal %s says %s, %s', async (told, code, effect, retryAfterMs) => {
    const { clock, live } = world();
    const sent = live.send('k1', BODY);
    live.refused(refusal(told, 'k2'));
    live.refused(refusal(told, null));
    live.refused(refusal(told, 'k1', retryAfterMs));
    const outcome = await sent;
    expect(outcome).toMatchObject({ ok: false, error: { code }, effect });
    expect(!outcome?.ok && outcome?.error.retryAfterMs).toBe(retryAfterMs);
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(clock.pending).toBe(0);
  });

  it('the end of the socket leaves everything under way unanswered', async () => {
    const { clock, live } = world();
    const sent = [live.send('k1', BODY), live.send('k2', { ...BODY, clientId: 'k2' })];
    live.closed();
    for (const one of sent) expect(await one).toMatchObject({ ok: false, effect: 'unknown' });
    expect(clock.pending).toBe(0);
    // An echo that comes all the same is nobody's.
    live.heard(echo('k1'));
  });

  it('nothing leaves without an open socket, nor twice at the same time', () => {
    expect(world(false).live.send('k1', BODY)).toBeNull();
    const { frames, live } = world();
    expect(live.send('k1', BODY)).not.toBeNull();
    expect(live.send('k1', BODY)).toBeNull();
    expect(frames).toHaveLength(1);
  });

  it('is for a person’s pace: what is sent faster goes by request', () => {
    const { clock, frames, live } = world();
    const sendAll = (from: number, count: number): number => {
      const sent = Array.from({ length: count }, (_, n) => live.send(`k${String(from + n)}`, BODY));
      return sent.filter((one) => one !== null).length;
    };
    expect(sendAll(0, LIVE_BURST + 5)).toBe(LIVE_BURST);
    clock.advance(1_000);
    expect(sendAll(100, 50)).toBe(LIVE_PER_SECOND);
    clock.advance(3_600_000);
    expect(sendAll(200, LIVE_BURST + 5)).toBe(LIVE_BURST);
    expect(frames).toHaveLength(2 * LIVE_BURST + LIVE_PER_SECOND);
  });
});
