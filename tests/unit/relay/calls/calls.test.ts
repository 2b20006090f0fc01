/** Who calls whom, who answers, how a call ends, and what each device is told. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { START } from '../core-world.ts';
import { createCallsWorld, RING_MS, type CallsWorld, type Device } from './world.ts';

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

/** Anna calls boris from her laptop; the call's id. */
async function ring(device = 'laptop'): Promise<string> {
  const { call } = await at.calls.initiate(at.anna, { chatId: 'chat', type: 'audio', device });
  await at.settle();
  return call.id;
}
/** The same, and boris answers on his phone. */
async function talk(): Promise<string> {
  const id = await ring();
  await at.calls.answer(at.boris, id, { device: 'phone' });
  await at.settle();
  return id;
}
const history = (userId: string) => at.calls.history(userId, {});

describe('a call', () => {
  it('rings on every device of the callee, with what a ring needs of the caller', async () => {
    const { call, created } = await at.calls.initiate(at.anna, { chatId: 'chat', type: 'video', device: 'laptop' });
    await at.settle();
    const initiator = { id: 'anna', username: 'anna', firstName: 'anna', lastName: 'Test', avatarUrl: null };
    const began = new Date(START).toISOString();
    expect(created).toBe(true);
    expect(call).toEqual({
      ...{ id: call.id, chatId: 'chat', type: 'video', status: 'ringing', initiator },
      ...{ startedAt: null, endedAt: null, duration: null, createdAt: began, reason: null },
    });
    const incoming = { type: 'call:incoming', data: { id: call.id, chatId: 'chat', type: 'video', initiator } };
    expect([phone.heard, tablet.heard, laptop.heard]).toEqual([[incoming], [incoming], []]);
    expect(await at.stored(call.id)).toMatchObject({ initiatorDevice: 'laptop', calleeDevice: null, seenAt: START });
  });

  it('is refused to those who are not in the chat, and that counts for nothing', async () => {
    const unknown = () => at.calls.initiate(at.anna, { chatId: 'nowhere', type: 'audio' });
    for (let n = 0; n < 9; n += 1) expect(await at.refusal(unknown())).toBe('not_found');
    const stranger = at.calls.initiate(at.clara, { chatId: 'chat', type: 'audio' });
    expect(await at.refusal(stranger)).toBe('forbidden');
    expect(await ring()).not.toBe('');
  });

  it('is not started more often than the limit allows', async () => {
    for (let n = 0; n < 5; n += 1) await at.calls.end(at.anna, await ring());
    const sixth = at.calls.initiate(at.anna, { chatId: 'chat', type: 'audio' });
    await expect(sixth).rejects.toMatchObject({ code: 'rate_limited', message: 'Too many calls: wait a moment.' });
    at.pass(60_000);
    expect(await at.refusal(ring())).toBeNull();
  });

  it('is the same one when the device asks again, and another device of the same person is busy', async () => {
    const id = await ring();
    const again = await at.calls.initiate(at.anna, { chatId: 'chat', type: 'audio', device: 'laptop' });
    expect([again.created, again.call.id]).toEqual([false, id]);
    expect(await at.refusal(ring('desktop'))).toBe('busy');
    expect(await at.refusal(at.calls.initiate(at.anna, { chatId: 'chat', type: 'audio' }))).toBe('busy');
    await at.settle();
    expect(phone.words()).toEqual(['incoming']);
    expect(await history('anna')).toHaveLength(1);
  });

  it('that two start at once is one: who calls back answers', async () => {
    const id = await ring();
    at.pass(2_000);
    const { call, created } = await at.calls.initiate(at.boris, { chatId: 'chat', type: 'video', device: 'phone' });
    await at.settle();
    expect([call.id, call.status, call.type, created]).toEqual([id, 'active', 'audio', false]);
    expect(call.startedAt).toBe(new Date(START + 2_000).toISOString());
    expect([phone.words(), tablet.words(), laptop.words()]).toEqual([
      ['incoming'],
      ['incoming', 'ended elsewhere'],
      [],
    ]);
    // Once more, since the answer was lost: still the same.
    const lost = await at.calls.initiate(at.boris, { chatId: 'chat', type: 'video', device: 'phone' });
    expect([lost.call.id, lost.created]).toEqual([id, false]);
  });

  it('that rang too long makes way for the next one', async () => {
    const id = await ring();
    at.pass(RING_MS - 1);
    expect(await at.refusal(ring('desktop'))).toBe('busy');
    at.pass(1);
    const next = await ring('desktop');
    expect(next).not.toBe(id);
    expect(await at.stored(id)).toMatchObject({ status: 'missed', endedAt: START + RING_MS, reason: null });
    expect(phone.words()).toEqual(['incoming', 'missed', 'incoming']);
    expect(laptop.words()).toEqual(['missed']);
  });

  it('to somebody who is in another one is kept as busy, once within ten seconds', async () => {
    await talk();
    at.pass(1_000);
    const mobile = at.device('clara', 'mobile');
    const call = (device: string) => at.calls.initiate(at.clara, { chatId: 'third', type: 'audio', device });
    await expect(call('mobile')).rejects.toMatchObject({ code: 'busy', message: 'One of you is in another call.' });
    await at.settle();
    expect(await history('boris')).toMatchObject([
      {
        status: 'rejected',
        reason: 'busy',
        initiator: { id: 'clara' },
        endedAt: new Date(START + 1_000).toISOString(),
      },
      { status: 'active' },
    ]);
    expect([mobile.words(), phone.words()]).toEqual([['rejected busy'], ['incoming', 'rejected busy']]);
    at.pass(9_999);
    expect(await at.refusal(call('mobile'))).toBe('busy');
    expect(await history('clara')).toHaveLength(1);
    expect(await at.refusal(call('another'))).toBe('busy');
    expect(await history('clara')).toHaveLength(2);
    at.pass(10_000);
    expect(await at.refusal(call('another'))).toBe('busy');
    expect(await history('clara')).toHaveLength(3);
  });

  it('by somebody who is in another one leaves no trace', async () => {
    await talk();
    for (const user of [at.anna, at.boris]) {
      const chatId = user === at.anna ? 'other' : 'third';
      expect(await at.refusal(at.calls.initiate(user, { chatId, type: 'audio' }))).toBe('busy');
    }
    expect(await history('clara')).toEqual([]);
  });
});

describe('answering', () => {
  it('is for the first device; the others of the callee stop ringing', async () => {
    const id = await ring();
    at.pass(3_000);
    const call = await at.calls.answer(at.boris, id, { device: 'phone' });
    await at.settle();
    expect(call).toMatchObject({ status: 'active', startedAt: new Date(START + 3_000).toISOString(), duration: null });
    expect(await at.stored(id)).toMatchObject({ calleeDevice: 'phone', seenAt: START + 3_000 });
    expect([phone.words(), tablet.words(), laptop.words()]).toEqual([
      ['incoming'],
      ['incoming', 'ended elsewhere'],
      [],
    ]);
    expect(tablet.heard[1]).toEqual({
      type: 'call:ended',
      data: { id, chatId: 'chat', status: 'ended', reason: 'elsewhere' },
    });
  });

  it('by a device without a name leaves those without one alone', async () => {
    const old = at.device('boris', '');
    const id = await ring();
    await at.calls.answer(at.boris, id, null);
    await at.settle();
    expect(await at.stored(id)).toMatchObject({ status: 'active', calleeDevice: null });
    expect([old.words(), phone.words()]).toEqual([['incoming'], ['incoming', 'ended elsewhere']]);
  });

  it('hands over what the caller has sent so far', async () => {
    const id = await ring();
    await at.signal('anna', 'laptop', { type: 'call:offer', callId: id, offer: { type: 'offer', sdp: 'v=0' } });
    await at.calls.answer(at.boris, id, { device: 'phone' });
    await at.settle();
    expect(phone.heard.at(-1)).toEqual({
      type: 'call:offer',
      callId: id,
      offer: { type: 'offer', sdp: 'v=0' },
      seq: 0,
    });
    expect(tablet.words()).toEqual(['incoming', 'ended elsewhere']);
  });

  it('again by the same device changes nothing; by another one, or by nobody in particular, it is refused', async () => {
    const id = await talk();
    at.pass(1_000);
    const again = await at.calls.answer(at.boris, id, { device: 'phone' });
    expect([again.status, again.startedAt]).toEqual(['active', new Date(START).toISOString()]);
    expect(await at.stored(id)).toMatchObject({ answeredAt: START });
    for (const body of [{ device: 'tablet' }, {}, null])
      await expect(at.calls.answer(at.boris, id, body)).rejects.toMatchObject({
        code: 'conflict',
        message: 'The call does not ring for you.',
      });
  });

  it('is not for the caller, a stranger, or a call that is over or unknown', async () => {
    const id = await ring();
    expect(await at.refusal(at.calls.answer(at.anna, id, { device: 'laptop' }))).toBe('conflict');
    expect(await at.refusal(at.calls.answer(at.clara, id, { device: 'mobile' }))).toBe('forbidden');
    expect(await at.refusal(at.calls.answer(at.boris, 'nothing', { device: 'phone' }))).toBe('not_found');
    await at.calls.end(at.anna, id);
    expect(await at.refusal(at.calls.answer(at.boris, id, { device: 'phone' }))).toBe('conflict');
  });
});

describe('the end', () => {
  it.each([
    ['rejected by the callee', () => at.boris, false, 'rejected'],
    ['cancelled by the caller', () => at.anna, false, 'cancelled'],
    ['hung up by the caller', () => at.anna, true, 'ended'],
    ['hung up by the callee', () => at.boris, true, 'ended'],
  ] as const)('%s', async (_, who, isAnswered, status) => {
    const id = await (isAnswered ? talk() : ring());
    await at.signal('anna', 'laptop', { type: 'call:offer', callId: id, offer: { type: 'offer' } });
    at.pass(61_400);
    const call = await at.calls.end(who(), id);
    await at.settle();
    const duration = isAnswered ? 61 : null;
    expect(call).toMatchObject({ status, duration, endedAt: new Date(START + 61_400).toISOString(), reason: null });
    const ended = { type: 'call:ended', data: { id, chatId: 'chat', status, duration, reason: null } };
    expect([laptop.heard.at(-1), phone.heard.at(-1)]).toEqual([ended, ended]);
    expect(await at.kept(id, 'anna')).toEqual([]);
    await expect(at.calls.end(who(), id)).rejects.toMatchObject({ code: 'conflict', message: 'The call is over.' });
  });

  it('by a word of the callee, with a reason or without; not of the caller, and not once it runs', async () => {
    const first = await ring();
    expect(await at.refusal(at.calls.reject(at.anna, first, null))).toBe('conflict');
    expect(await at.calls.reject(at.boris, first, null)).toMatchObject({ status: 'rejected', reason: null });
    const second = await ring();
    expect(await at.calls.reject(at.boris, second, { reason: 'busy' })).toMatchObject({ reason: 'busy' });
    const third = await talk();
    await expect(at.calls.reject(at.boris, third, null)).rejects.toMatchObject({
      code: 'conflict',
      message: 'The call does not ring for you.',
    });
    expect(await at.refusal(at.calls.reject(at.clara, third, null))).toBe('forbidden');
    expect(await at.refusal(at.calls.end(at.clara, third))).toBe('forbidden');
  });
});

describe('the list of one’s calls', () => {
  it('is the newest first, in pages, and nobody else’s', async () => {
    for (let n = 0; n < 60; n += 1)
      await at.placed({ id: `call-${String(n)}`, status: 'ended', createdAt: START + n, endedAt: START + n });
    await at.placed({
      id: 'of clara',
      chatId: 'third',
      initiatorId: 'clara',
      status: 'missed',
      createdAt: START + 100,
    });
    const ids = async (userId: string, page: Parameters<typeof at.calls.history>[1]) =>
      (await at.calls.history(userId, page)).map(({ id }) => id);
    expect(await ids('anna', {})).toEqual(Array.from({ length: 50 }, (_, n) => `call-${String(59 - n)}`));
    expect(await ids('boris', { limit: 2 })).toEqual(['of clara', 'call-59']);
    expect(await ids('boris', { limit: 2, offset: 2 })).toEqual(['call-58', 'call-57']);
    expect(await ids('anna', { limit: 2, before: START + 10 })).toEqual(['call-9', 'call-8']);
    expect(await ids('clara', {})).toEqual(['of clara']);
  });
});

describe('a device that has just connected', () => {
  it('rings if it should, as long as the call does', async () => {
    const id = await ring();
    expect(await at.greeted('boris', 'watch')).toEqual([phone.heard[0]]);
    expect(await at.greeted('anna', 'laptop')).toEqual([]);
    expect(await at.greeted('clara', 'mobile')).toEqual([]);
    at.pass(RING_MS - 1);
    expect(await at.greeted('boris', 'watch')).toMatchObject([{ type: 'call:incoming', data: { id } }]);
    at.pass(1);
    expect(await at.greeted('boris', 'watch')).toEqual([]);
  });

  it('gets what the other side has sent when it is back in its call, and no other device does', async () => {
    const id = await talk();
    await at.signal('anna', 'laptop', { type: 'call:offer', callId: id, offer: { type: 'offer' } });
    await at.signal('boris', 'phone', { type: 'call:answer', callId: id, answer: { type: 'answer' } });
    expect(await at.greeted('boris', 'phone')).toMatchObject([{ type: 'call:offer', seq: 0 }]);
    expect(await at.greeted('anna', 'laptop')).toMatchObject([{ type: 'call:answer', seq: 0 }]);
    expect(await at.greeted('boris', 'tablet')).toEqual([]);
    expect(await at.greeted('boris', '')).toEqual([]);
    await at.calls.end(at.anna, id);
    expect(await at.greeted('boris', 'phone')).toEqual([]);
  });

  it('without a name gets nothing of a call that is held by one without a name', async () => {
    await at.placed({ id: 'one', status: 'active', initiatorDevice: '', answeredAt: START });
    await at.signal('boris', 'phone', { type: 'call:answer', callId: 'one', answer: { type: 'answer' } });
    expect(await at.greeted('anna', '')).toEqual([]);
  });
});
