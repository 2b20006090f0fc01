/** What the instruments of a trace write down: that something happened, and when. */

/**
 * `key`, `shown`, `painted`: in a page. `page:sends`, `page:hears`: the page's end of the bridge, `bridge:in`,
 * `bridge:out`: main's end. `store:asked`, `store:answered`: main's end of a store thread, `store:begun`, `store:done`:
 * the thread's own. `http:out`, `http:in`, `frame:out`, `frame:in`: bytes of a request, an answer or a socket's frame
 * handed to the system or taken from it. `commit`: the node's. `step`: a named moment of a start.
 */
export type StampKind =
  | 'key'
  | 'shown'
  | 'painted'
  | 'page:sends'
  | 'page:hears'
  | 'bridge:in'
  | 'bridge:out'
  | 'store:asked'
  | 'store:begun'
  | 'store:done'
  | 'store:answered'
  | 'http:out'
  | 'http:in'
  | 'frame:out'
  | 'frame:in'
  | 'commit'
  | 'step';

export interface Stamp {
  /** Milliseconds since the epoch, with fractions. */
  at: number;
  kind: StampKind;
  /** The channel, the store's operation, the step; empty where the kind says everything. */
  op: string;
  /** The numbers of the messages whose text was in it. */
  words: number[];
  /** The client's end of the connection that it went over. */
  port: number | null;
}

/** Whose stamp it is. `main` and `page` where there is one of each. */
export type Place = 'bench' | 'page' | 'main' | 'page A' | 'main A' | 'node' | 'main B' | 'page B';

export interface PlacedStamp extends Stamp {
  place: Place;
  /** The other end of the connection, where that is known. */
  peer: Place | null;
}

/** Puts the stamps of one process among the others. `ahead`: milliseconds that its clock goes before the bench's. */
export function placed(place: Place, stamps: readonly Stamp[], ahead = 0): PlacedStamp[] {
  return stamps.map((stamp) => ({ ...stamp, at: stamp.at - ahead, place, peer: null }));
}

/** Finds out for the node's stamps whose connection each went over: the one whose own stamps name the same port. */
export function namePeers(stamps: readonly PlacedStamp[], mains: readonly Place[]): PlacedStamp[] {
  const owners = new Map<number, Place>();
  for (const { place, port } of stamps) {
    if (port !== null && mains.includes(place)) owners.set(port, place);
  }
  return stamps.map((stamp) =>
    stamp.place === 'node' && stamp.port !== null ? { ...stamp, peer: owners.get(stamp.port) ?? null } : stamp,
  );
}
