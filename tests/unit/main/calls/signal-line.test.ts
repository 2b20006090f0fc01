import { describe, expect, it } from 'vitest';
import type { CallSignalView } from '../../../../contract/ipc/call-views.ts';
import type { ClientFrame } from '../../../../contract/ws/client-frames.ts';
import { SignalLine, type SignalFrame } from '../../../../electron/main/services/calls/signal-line.ts';

const offer = (sdp: string): CallSignalView => ({ kind: 'offer', description: { type: 'offer', sdp } });
const candidate = (text: string): CallSignalView => ({ kind: 'candidate', candidate: { candidate: text } });
const offerFrame = (sdp: string, seq?: number): SignalFrame => ({
  ...{ type: 'call:offer', callId: 'c', offer: { type: 'offer', sdp } },
  ...(seq === undefined ? {} : { seq }),
});
const candidateFrame = (text: string, seq?: number): SignalFrame => ({
  ...{ type: 'call:ice-candidate', callId: 'c', candidate: { candidate: text } },
  ...(seq === undefined ? {} : { seq }),
});

function line() {
  const sent: ClientFrame[] = [];
  const delivered: CallSignalView[] = [];
  const socket = { isOpen: true };
  const made = new SignalLine({
    send: (frame) => socket.isOpen && sent.push(frame) > 0,
    deliver: (signal) => delivered.push(signal),
  });
  return { made, sent, delivered, socket, seqs: () => sent.map((frame) => ('seq' in frame ? frame.seq : null)) };
}

describe('signals of this side', () => {
  it('wait for the call’s id, and only what is still of use is sent then', () => {
    const { made, sent, seqs } = line();
    made.send(offer('old'));
    made.send(candidate('of the old'));
    made.send(offer('new'));
    made.send(candidate('of the new'));
    expect(sent).toEqual([]);
    made.named('c');
    expect(sent).toMatchObject([{ offer: { sdp: 'new' } }, { candidate: { candidate: 'of the new' } }]);
    expect(seqs()).toEqual([2, 3]);
    // The server names it once.
    made.named('other');
    expect(sent).toHaveLength(2);
  });

  it('are sent again with their numbers after the socket was lost, from the last description on', () => {
    const { made, seqs, socket } = line();
    made.named('c');
    made.send(offer('one'));
    socket.isOpen = false;
    made.send(candidate('a'));
    made.send(candidate('b'));
    socket.isOpen = true;
    made.resend();
    expect(seqs()).toEqual([0, 0, 1, 2]);
  });

  it('are limited: a page that never stops is told so', () => {
    const { made } = line();
    made.send(offer('one'));
    const taken = Array.from({ length: 500 }, (_, n) => made.send(candidate(String(n))));
    expect([taken.includes(false), taken[0]]).toEqual([true, true]);
    expect(made.send(offer('two'))).toBe(true);
  });
});

describe('signals of the other side', () => {
  it('wait until the call is accepted, and come in order', () => {
    const { made, delivered } = line();
    made.receive(offerFrame('one', 0));
    made.receive(candidateFrame('a', 1));
    expect(delivered).toEqual([]);
    made.open();
    made.receive(candidateFrame('b', 2));
    expect(delivered).toEqual([offer('one'), candidate('a'), candidate('b')]);
  });

  it('come once, and not after what replaced them', () => {
    const { made, delivered } = line();
    made.open();
    made.receive(offerFrame('two', 5));
    for (const frame of [offerFrame('two', 5), offerFrame('one', 3), candidateFrame('a', 6), candidateFrame('a', 6)]) {
      made.receive(frame);
    }
    expect(delivered).toEqual([offer('two'), candidate('a')]);
  });

  it('without numbers, as other servers send them, all come', () => {
    const { made, delivered } = line();
    made.open();
    made.receive(candidateFrame('a'));
    made.receive(candidateFrame('a'));
    expect(delivered).toHaveLength(2);
  });

  it('that nobody accepts do not fill the memory', () => {
    const { made, delivered } = line();
    for (let seq = 0; seq < 5_000; seq += 1) made.receive(candidateFrame('x', seq));
    made.open();
    expect(delivered.length).toBeLessThanOrEqual(200);
  });
});
