/** What the services and the sockets ask of delivery: the way to all of a person's connections. */

/** One authenticated socket. */
export interface Connection {
  /** Hands a frame's text to the socket; `onSent` runs once the system has taken it, and never when it has not. */
  send(text: string, onSent?: () => void): void;
  close(code: number, reason: string): void;
}

/** Who is connected. Knows nothing of what is sent. */
export interface Hub {
  /** False when the person has as many connections as they may. */
  add(userId: string, connection: Connection): boolean;
  remove(userId: string, connection: Connection): void;
  /** To every connection of the person; `onSent` runs once, after the first of them took it. */
  send(userId: string, text: string, onSent?: () => void): void;
  isOnline: (userId: string) => boolean;
  /** People with a connection. */
  readonly online: number;
  /** The first connection of a person came (true), the last one went (false). */
  onChange(listener: (userId: string, online: boolean) => void): void;
}
