/** The way of a start from the spawn of main to the first row, moment by moment; that of an empty application too. */
import type { Beside } from './delivery-way.ts';
import type { Place, StampKind } from './stamp.ts';
import type { Milestone } from './way.ts';

type Given = Pick<Milestone, 'key' | 'what' | 'op'> & Partial<Pick<Milestone, 'always' | 'pick'>>;

/** The first of its kind: what happens again later belongs to no start. */
function moment(place: Place, kind: StampKind, given: Given): Milestone {
  return { place, kind, peer: null, named: false, always: true, pick: 'first', ...given };
}

const SPAWN = moment('bench', 'step', { key: 'spawn', what: 'main is spawned', op: 'spawn' });
const PAINTED = moment('page', 'painted', { key: 'painted', what: 'page: first row painted', op: null });

/** An application without a bridge or scripts of its own passes those that are `always` there. */
export const START_WAY: readonly Milestone[] = [
  SPAWN,
  moment('main', 'step', { key: 'process', what: 'main: its process began', op: 'process' }),
  moment('main', 'step', { key: 'node', what: 'main: Node is up', op: 'node up' }),
  moment('main', 'step', {
    key: 'instruments',
    what: "main: the trace's own instruments are in",
    op: 'instruments in',
  }),
  moment('main', 'step', {
    key: 'asked',
    what: "main: the stand-in asks for the application's bundle",
    op: 'main asked for',
  }),
  moment('main', 'step', { key: 'begins', what: 'main: first line', op: 'main begins', always: false }),
  moment('main', 'step', { key: 'evaluated', what: 'main: bundle evaluated, app ready', op: 'main evaluated' }),
  moment('main', 'step', { key: 'window', what: 'main: window opened', op: 'window opened' }),
  moment('page', 'step', { key: 'navigation', what: 'browser: was asked for the page', op: 'navigation' }),
  moment('main', 'http:in', { key: 'requested', what: 'main: HTML requested', op: 'document' }),
  moment('page', 'step', { key: 'html', what: 'page: HTML there', op: 'html' }),
  moment('page', 'step', { key: 'scripts', what: 'page: scripts loaded', op: 'scripts', always: false }),
  moment('page', 'page:sends', { key: 'asks', what: 'page: app.ready asked', op: 'app.ready', always: false }),
  moment('main', 'bridge:in', { key: 'ready', what: 'main: app.ready heard (bridge)', op: 'app.ready', always: false }),
  moment('main', 'bridge:out', {
    key: 'snapshot',
    what: 'main: snapshot answered',
    op: 'app.ready answered',
    always: false,
  }),
  moment('page', 'page:hears', {
    key: 'answered',
    what: 'page: snapshot heard (bridge)',
    op: 'app.ready answered',
    always: false,
  }),
  PAINTED,
];

/** What main and the page do meanwhile, from the spawn on. */
export const START_BESIDE: readonly Beside[] = [
  {
    key: 'modules',
    what: "spawn -> main's last module is loaded",
    pair: [
      SPAWN,
      moment('main', 'step', { key: 'modules', what: 'modules', op: 'module asked for', always: false, pick: 'last' }),
    ],
  },
  {
    key: 'thread',
    what: "spawn -> the store's thread is made",
    pair: [SPAWN, moment('main', 'step', { key: 'thread', what: 'thread', op: 'thread made' })],
  },
  {
    key: 'store',
    what: 'spawn -> the store is open',
    pair: [SPAWN, moment('main', 'step', { key: 'store', what: 'store', op: 'store ready' })],
  },
  {
    key: 'read',
    what: 'spawn -> the store has read the first snapshot',
    pair: [SPAWN, moment('main', 'store:answered', { key: 'read', what: 'read', op: 'snapshot' })],
  },
  {
    key: 'contentful',
    what: "spawn -> the browser's first contentful paint",
    pair: [SPAWN, moment('page', 'step', { key: 'contentful', what: 'contentful', op: 'contentful' })],
  },
];
