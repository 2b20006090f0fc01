/** The delivery port used by services and sockets: a way to reach all connections of a user. */

/** One authenticated socket. */
export interface Connection {
  /** Hands a frame's text to the socket; `onSent` runs once the OS has accepted it, and never if it has not. */
  send(text: string, onSent?: () => void): void;
  close(code: number, reason: string): void;
}

/** Tracks who is connected. Knows nothing about what is sent. */
export interface Hub {
  /** False when the user already has the maximum number of connections. */
  add(userId: string, connection: Connection): boolean;
  remove(userId: string, connection: Connection): void;
  /** Sends to every connection of the user; `onSent` runs once, after the first of them has accepted it. */
  send(userId: string, text: string, onSent?: () => void): void;
  isOnline: (userId: string) => boolean;
  /** Number of connected users. */
  readonly online: number;
  /** Called with true on a user's first connection, with false when the last one is gone. */
  onChange(listener: (userId: string, online: boolean) => void): void;
}
