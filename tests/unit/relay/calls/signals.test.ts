/** What one side of a call sends reaches the device that holds the other one, now or when there is one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallSignal } from '../../../../relay/services/call-signals.ts';
import { createCallsWorld, type CallsWorld, type Device } from './world.ts';

let at: CallsWorld;
let laptop: Device;
let phone: Device;
let tablet: Device;
beforeEach(async () => {
  at = await createCallsWorld();
  laptop = at.device('anna', 'laptop');
  [phone, tablet] = [at.device('boris', 'phone'), at.device('boris', 'tablet')];
});
afterEach(() => at.close());

const numbered = (seq?: number) => (seq === undefined ? {} : { seq });
const offer = (seq?: number, sdp = 'v=0'): CallSignal => ({
  ...{ type: 'call:offer', callId: 'one', offer: { type: 'offer', sdp } },
  ...numbered(seq),
});
const answer = (seq?: number): CallSignal => ({
  ...{ type: 'call:answer', callId: 'one', answer: { type: 'answer', sdp: 'v=0' } },
  ...numbered(seq),
});
const candidate = (seq?: number): CallSignal => ({
  ...{ type: 'call:ice-candidate', callId: 'one', candidate: { candidate: 'candidate:1', sdpMid: '0' } },
  ...numbered(seq),
});
const ringing = () => at.placed({ id: 'one', initiatorDevice: 'laptop' });
const running = (more: { initiatorDevice?: string | null; calleeDevice?: string | null } = {}) =>
  at.placed({
    id: 'one',
    status: 'active',
    initiatorDevice: 'laptop',
    calleeDevice: 'phone',
    answeredAt: at.now(),
    ...more,
  });
async function send(userId: string, device: string, ...frames: CallSignal[]): Promise<void> {
  for (const frame of frames) await at.signal(userId, device, frame);
  await at.settle();
}

describe('a signal', () => {
  it('goes to the one device that holds the other side, with its fields and a number', async () => {
    await running();
    await send('anna', 'laptop', offer(), candidate());
    await send('boris', 'phone', answer());
    expect(phone.heard).toEqual([
      { type: 'call:offer', callId: 'one', offer: { type: 'offer', sdp: 'v=0' }, seq: 0 },
      { type: 'call:ice-candidate', callId: 'one', candidate: { candidate: 'candidate:1', sdpMid: '0' }, seq: 1 },
    ]);
    expect(laptop.heard).toEqual([
      { type: 'call:answer', callId: 'one', answer: { type: 'answer', sdp: 'v=0' }, seq: 0 },
    ]);
    expect(tablet.heard).toEqual([]);
    expect(at.spent).toEqual([
      ['anna', 10],
      ['anna', 10],
      ['boris', 10],
    ]);
  });

  it('waits while it rings, and none comes from a callee who has not answered', async () => {
    await ringing();
    await send('anna', 'laptop', offer(), candidate());
    expect([phone.heard, await at.kept('one', 'anna')]).toEqual([[], ['offer 0', 'candidate 1']]);
    await expect(at.signal('boris', 'phone', answer())).rejects.toMatchObject({
      code: 'conflict',
      message: 'Answer the call first.',
    });
    expect(await at.kept('one', 'boris')).toEqual([]);
  });

  it('is refused to other devices, strangers, and in a call that is over or unknown', async () => {
    await running();
    await expect(at.signal('anna', 'desktop', offer())).rejects.toMatchObject({
      code: 'forbidden',
      message: 'Another device is in this call.',
    });
    expect(await at.refusal(at.signal('boris', 'tablet', answer()))).toBe('forbidden');
    await expect(at.signal('clara', 'mobile', offer())).rejects.toMatchObject({
      code: 'forbidden',
      message: 'You are not a member of this call.',
    });
    await expect(at.signal('anna', 'laptop', { ...offer(), callId: 'two' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no such call.',
    });
    await at.calls.end(at.boris, 'one');
    await expect(at.signal('anna', 'laptop', offer())).rejects.toMatchObject({
      code: 'conflict',
      message: 'The call is over.',
    });
    expect(at.spent).toEqual([]);
    expect(await at.kept('one', 'anna')).toEqual([]);
  });

  it('over the budget is not taken', async () => {
    await running();
    await expect(at.signal('anna', 'laptop', offer(), 1_001)).rejects.toThrow('over budget');
    await at.settle();
    expect([phone.heard, await at.kept('one', 'anna')]).toEqual([[], []]);
  });
});

describe('what is kept', () => {
  it('begins anew with each description of the same side', async () => {
    await running();
    await send('anna', 'laptop', offer(), candidate(), candidate());
    await send('boris', 'phone', answer());
    expect(await at.kept('one', 'anna')).toEqual(['offer 0', 'candidate 1', 'candidate 2']);
    await send('anna', 'laptop', offer(undefined, 'v=0 again'));
    expect([await at.kept('one', 'anna'), await at.kept('one', 'boris')]).toEqual([['offer 3'], ['answer 0']]);
  });

  it('goes on once for each number, and not for what is older', async () => {
    await running();
    await send('anna', 'laptop', offer(5), candidate(6), candidate(6), candidate(4), candidate(8), candidate(7));
    expect(phone.heard.map(({ seq }) => seq)).toEqual([5, 6, 8, 7]);
    expect(await at.kept('one', 'anna')).toEqual(['offer 5', 'candidate 6', 'candidate 7', 'candidate 8']);
    await send('anna', 'laptop', offer(5));
    expect(phone.heard).toHaveLength(4);
    await send('anna', 'laptop', candidate());
    expect(phone.heard.at(-1)).toMatchObject({ seq: 9 });
  });

  it('is a description and 63 candidates; more of them are handed on all the same', async () => {
    await running();
    await send('anna', 'laptop', offer(), ...Array.from({ length: 70 }, () => candidate()));
    const kept = await at.kept('one', 'anna');
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([64, 'offer 0', 'candidate 63']);
    expect(phone.heard).toHaveLength(71);
    // A new description is kept however many there were.
    await send('anna', 'laptop', offer(100));
    expect(await at.kept('one', 'anna')).toEqual(['offer 100']);
  });
});

describe('a side whose device is not known', () => {
  it('is the caller’s that signals first', async () => {
    await running({ initiatorDevice: null });
    await send('anna', 'laptop', offer());
    expect(await at.stored('one')).toMatchObject({ initiatorDevice: 'laptop', calleeDevice: 'phone' });
    expect(await at.refusal(at.signal('anna', 'desktop', offer()))).toBe('forbidden');
    expect([laptop.words(), phone.words(), tablet.words()]).toEqual([[], ['offer'], []]);
  });

  it('is the callee’s that signals first, and the others stop ringing', async () => {
    await running({ calleeDevice: null });
    await send('boris', 'tablet', answer());
    expect(await at.stored('one')).toMatchObject({ initiatorDevice: 'laptop', calleeDevice: 'tablet' });
    expect([phone.words(), tablet.words(), laptop.words()]).toEqual([['ended elsewhere'], [], ['answer']]);
    await send('boris', 'tablet', candidate());
    expect(phone.words()).toEqual(['ended elsewhere']);
  });

  it('and has no name is told apart by its connection', async () => {
    const [here, there] = [at.device('boris', 'connection of boris'), at.device('boris', '')];
    await running({ calleeDevice: null });
    await send('boris', '', answer());
    expect(await at.stored('one')).toMatchObject({ calleeDevice: '' });
    expect([here.words(), there.words(), phone.words()]).toEqual([[], ['ended elsewhere'], ['ended elsewhere']]);
    // What the caller sends goes to those without a name.
    await send('anna', 'laptop', offer());
    expect([there.words().at(-1), phone.words().at(-1)]).toEqual(['offer', 'ended elsewhere']);
  });

  it('hears through those without a name until one is known', async () => {
    const old = at.device('boris', '');
    await running({ calleeDevice: null });
    await send('anna', 'laptop', offer());
    expect([old.words(), phone.words()]).toEqual([['offer'], []]);
  });
});
