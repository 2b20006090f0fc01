/** The way of a message from the key in one page to its text in the other, moment by moment. */
import type { Milestone } from './way.ts';
import type { Place, StampKind } from './stamp.ts';

type Given = Pick<Milestone, 'key' | 'what'> & Partial<Pick<Milestone, 'op' | 'peer' | 'named' | 'always' | 'pick'>>;

/** Named and passed once by every message, unless said otherwise. */
function moment(place: Place, kind: StampKind, given: Given): Milestone {
  return { place, kind, op: null, peer: null, named: true, always: true, pick: 'only', ...given };
}

/** A call to the store: what its thread did of it stands between the asking and the answer. */
function storeCall(
  place: 'main A' | 'main B',
  op: string,
  done: string,
  how: Partial<Pick<Milestone, 'named' | 'pick'>> = {},
): Milestone[] {
  const letter = place === 'main A' ? 'a' : 'b';
  const of = (kind: StampKind, step: string, what: string): Milestone =>
    moment(place, kind, { key: `${letter}.${op}.${step}`, what, op, always: false, ...how });
  return [
    of('store:asked', 'asked', `${place}: ${op} posted to the store's thread`),
    of('store:begun', 'begun', `store ${letter.toUpperCase()}: ${op} begun`),
    of('store:done', 'done', `store ${letter.toUpperCase()}: ${done}`),
    of('store:answered', 'answered', `${place}: ${op} answered`),
  ];
}

/**
 * Every moment that a message may pass, in their order. What the application does not do on this way is not met and
 * leaves no hop: a send by request or by socket, an answer of the store before or after the page is told.
 */
export const DELIVERY_WAY: readonly Milestone[] = [
  moment('page A', 'key', { key: 'key', what: 'page A: key' }),
  moment('page A', 'page:sends', { key: 'a.sends', what: 'page A: command sent', op: 'messages.send' }),
  moment('main A', 'bridge:in', { key: 'a.command', what: 'main A: command heard (bridge)', op: 'messages.send' }),
  ...storeCall('main A', 'enqueue', 'message and job committed'),
  ...storeCall('main A', 'outboxHeads', 'heads read', { named: false, pick: 'first' }),
  ...storeCall('main A', 'beginAttempt', 'attempt committed'),
  moment('main A', 'http:out', { key: 'a.request', what: 'main A: request leaves', always: false }),
  moment('main A', 'frame:out', { key: 'a.frame', what: 'main A: frame leaves', always: false }),
  moment('node', 'http:in', {
    key: 'node.request',
    what: 'node: request heard',
    peer: 'main A',
    named: false,
    always: false,
    pick: 'first',
  }),
  moment('node', 'frame:in', { key: 'node.frame', what: 'node: frame heard', peer: 'main A', always: false }),
  // The node writes for others too: the commit that the frame waited for is the last before it.
  moment('node', 'commit', { key: 'node.commit', what: 'node: committed', named: false, always: false, pick: 'last' }),
  moment('node', 'frame:out', { key: 'node.event', what: 'node: event leaves', peer: 'main B' }),
  moment('main B', 'frame:in', { key: 'b.event', what: 'main B: event heard' }),
  ...storeCall('main B', 'applyEvents', 'event committed', { pick: 'first' }),
  moment('main B', 'bridge:out', { key: 'b.push', what: 'main B: push leaves', op: 'push', pick: 'first' }),
  moment('page B', 'page:hears', { key: 'b.heard', what: 'page B: push heard (bridge)', op: 'push', pick: 'first' }),
  moment('page B', 'shown', { key: 'shown', what: 'page B: text stands in the document' }),
];

/** What is told of a message beside its way: it takes time, but nobody waits for all of it. */
export interface Beside {
  key: string;
  what: string;
  pair: readonly [Milestone, Milestone];
}

const REQUEST = moment('main A', 'http:out', { key: 'request', what: 'request' });
const FRAME = moment('main A', 'frame:out', { key: 'frame', what: 'frame' });
const EVENT = moment('main B', 'frame:in', { key: 'event', what: 'event' });
const KEY = moment('page A', 'key', { key: 'key', what: 'key' });

export const BESIDE: readonly Beside[] = [
  {
    key: 'answer',
    what: 'main A: request leaves -> the node has answered',
    pair: [REQUEST, moment('main A', 'http:in', { key: 'answer', what: 'answer', pick: 'first' })],
  },
  {
    key: 'echo',
    what: 'main A: frame leaves -> its echo',
    pair: [FRAME, moment('main A', 'frame:in', { key: 'echo', what: 'echo', pick: 'first' })],
  },
  {
    key: 'own',
    what: 'page A: key -> main has pushed the own message',
    pair: [KEY, moment('main A', 'bridge:out', { key: 'own', what: 'own push', op: 'push', pick: 'first' })],
  },
  {
    key: 'stored',
    what: 'main B: event heard -> committed and answered',
    pair: [
      EVENT,
      moment('main B', 'store:answered', { key: 'stored', what: 'stored', op: 'applyEvents', pick: 'first' }),
    ],
  },
  {
    key: 'painted',
    what: 'page B: text stands -> painted (with the wait for the next frame)',
    pair: [
      moment('page B', 'shown', { key: 'shown', what: 'shown' }),
      moment('page B', 'painted', { key: 'painted', what: 'painted' }),
    ],
  },
];
