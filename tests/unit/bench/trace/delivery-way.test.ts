import { describe, expect, it } from 'vitest';
import { DELIVERY_WAY } from '../../../bench/trace/delivery-way.ts';
import type { PlacedStamp } from '../../../bench/trace/stamp.ts';
import { follow } from '../../../bench/trace/way.ts';

const turn = { word: 3, from: 0, until: 1000 };

/** Stamps of the milestones with these keys, a millisecond apart. */
function stampsOf(keys: readonly string[]): PlacedStamp[] {
  return keys.map((key, at) => {
    const milestone = DELIVERY_WAY.find((one) => one.key === key);
    if (!milestone) throw new Error(`there is no ${key}`);
    const { place, kind, op, peer, named } = milestone;
    return { at, place, kind, op: op ?? '', peer, words: named ? [3] : [], port: null };
  });
}

const call = (letter: string, op: string): string[] =>
  ['asked', 'begun', 'done', 'answered'].map((step) => `${letter}.${op}.${step}`);
const WRITTEN = ['key', 'a.sends', 'a.command', ...call('a', 'enqueue')];
const OUTBOX = [...call('a', 'outboxHeads'), ...call('a', 'beginAttempt')];
const BY_REQUEST = ['a.request', 'node.request', 'node.commit', 'node.event', 'b.event'];
const BY_SOCKET = ['a.frame', 'node.frame', 'node.commit', 'node.event', 'b.event'];
const SHOWN = ['b.push', 'b.heard', 'shown'];

describe('DELIVERY_WAY', () => {
  it.each<[what: string, stamps: string[], way: string[]]>([
    [
      'a send by request',
      [...WRITTEN, ...OUTBOX, ...BY_REQUEST, ...call('b', 'applyEvents'), ...SHOWN],
      [...WRITTEN, ...OUTBOX, ...BY_REQUEST, ...call('b', 'applyEvents'), ...SHOWN],
    ],
    [
      'a send by socket, as soon as it is committed',
      [...WRITTEN, ...BY_SOCKET, ...call('b', 'applyEvents'), ...SHOWN],
      [...WRITTEN, ...BY_SOCKET, ...call('b', 'applyEvents'), ...SHOWN],
    ],
    [
      'a push before the commit: the store is asked on the way, and its answer lies beside it',
      [...WRITTEN, ...BY_SOCKET, 'b.applyEvents.asked', ...SHOWN, ...call('b', 'applyEvents').slice(1)],
      [...WRITTEN, ...BY_SOCKET, 'b.applyEvents.asked', ...SHOWN],
    ],
    [
      'a push before the store is even asked',
      [...WRITTEN, ...BY_SOCKET, 'b.push', ...call('b', 'applyEvents'), 'b.heard', 'shown'],
      [...WRITTEN, ...BY_SOCKET, 'b.push', 'b.heard', 'shown'],
    ],
  ])('follows %s', (_what, stamps, way) => {
    const followed = follow(DELIVERY_WAY, stampsOf(stamps), turn);
    expect(followed.ok ? followed.moments.map(({ key }) => key) : followed.reason).toEqual(way);
  });

  it.each(['a.command', 'node.event', 'b.event', 'b.heard'])('is not whole without %s', (gone) => {
    const keys = [...WRITTEN, ...BY_SOCKET, ...SHOWN].filter((key) => key !== gone);
    expect(follow(DELIVERY_WAY, stampsOf(keys), turn).ok).toBe(false);
  });

  it('gives every milestone a name of its own', () => {
    expect(new Set(DELIVERY_WAY.map(({ key }) => key)).size).toBe(DELIVERY_WAY.length);
    expect(new Set(DELIVERY_WAY.map(({ what }) => what)).size).toBe(DELIVERY_WAY.length);
  });
});
