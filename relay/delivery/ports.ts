/**
 * How to reach the connections of a user. The hub below knows those of this process; the bus knows those of every node,
 * and is what the services ask.
 */

/** One authenticated socket. */
export interface Connection {
  /** Hands a frame's text to the socket; `onSent` runs once the OS has accepted it, and never if it has not. */
  send(text: string, onSent?: () => void): void;
  close(code: number, reason: string): void;
  /** Whether it goes by this name: its own among the connections of all nodes, or that of the device it belongs to. */
  isNamed?(name: string): boolean;
}

/** Of a user's connections, those that a frame is for. */
export interface Audience {
  /** Those of this name alone. */
  only?: string;
  /** All but those of these names. */
  except?: readonly string[];
}

/** Undoes a subscription. */
export type Disposer = () => void;

export type PresenceListener = (userId: string, online: boolean) => void;

/** The connections of this process. Knows nothing about what is sent. */
export interface Hub {
  /** False when the user already has the maximum number of connections here. */
  add(userId: string, connection: Connection): boolean;
  remove(userId: string, connection: Connection): void;
  /** Sends to every connection of the user; `onSent` runs once, after the first of them has accepted it. */
  send(userId: string, text: string, onSent?: () => void, audience?: Audience): void;
  /** Whether the user has a connection here. */
  has(userId: string): boolean;
  /** Whether the user has a connection of this name here. */
  hasNamed(userId: string, name: string): boolean;
  /** Number of users connected here. */
  readonly size: number;
  /** Called with true on a user's first connection here, with false when the last one is gone. */
  onChange(listener: PresenceListener): Disposer;
}

/** What an accepted frame proves: the user has this chat's messages up to that time (milliseconds since the epoch). */
export interface Receipt {
  chatId: string;
  upTo: number;
}

/**
 * Reaches users on whichever node they are connected to. Every node has one, above its own hub. Nothing is kept for
 * those who are not connected: what must not be lost is in the event log first.
 */
export interface Bus {
  /**
   * Sends a frame to every connection of these users. Frames published by one node reach a user in the order they were
   * published. Call it after the commit: whoever connects later finds the change in what they fetch.
   * @param compose makes the frame's text. Called at once, and only if one of the users may be connected.
   * @param receipt reported to `onReceipt` for each user once the first of their connections has accepted the frame.
   * @param audience all of their connections by default.
   */
  publish(userIds: readonly string[], compose: () => string, receipt?: Receipt, audience?: Audience): void;
  /** Those of the given users who are connected to any node. */
  online(userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * False only when what is published to this user now would surely reach nobody: then it need not be made. A node that
   * cannot tell at once says true.
   */
  mayReach(userId: string): boolean;
  /** Number of users connected to any node. */
  count(): Promise<number>;
  /**
   * A user's first connection to any node, or the end of the last one. Exactly one node is told: the one where it
   * happened.
   */
  onChange(listener: PresenceListener): Disposer;
  /** A connection of this node accepted a frame with a receipt. Only this node is told. */
  onReceipt(listener: (userId: string, receipt: Receipt) => void): Disposer;
  /**
   * Tells every node to drop what it remembers of a user: their password or account has changed. This node has done so
   * when the call returns.
   */
  invalidate(userId: string): void;
  onInvalidate(listener: (userId: string) => void): Disposer;
}
