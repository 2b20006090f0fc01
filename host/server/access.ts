/**
 * Access control of the host: only a browser that came with a ticket may talk to it, and nothing else on this computer.
 * A ticket is a random URL; opening it sets a cookie. Host and Origin are checked on every request, so that no other
 * page gets in, neither through a name that resolves to 127.0.0.1 nor from its own origin.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** How long a ticket is valid: for one use, or for the lifetime of the host. */
export type TicketLife = 'once' | 'run';

export class Access {
  private readonly secret = randomBytes(32).toString('base64url');
  private readonly tickets = new Map<string, { windowId: number; life: TicketLife }>();
  private port = 0;

  /** The port is known only once the server is listening. */
  setPort(port: number): void {
    this.port = port;
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A URL that opens a window for anyone who has it. */
  ticketAddress(windowId: number, life: TicketLife): string {
    const ticket = randomBytes(24).toString('base64url');
    this.tickets.set(ticket, { windowId, life });
    return `${this.base}/open/${ticket}`;
  }

  /** The window of a ticket; null when it is unknown or already used. */
  redeem(ticket: string): number | null {
    const found = this.tickets.get(ticket);
    if (!found) return null;
    if (found.life === 'once') this.tickets.delete(ticket);
    return found.windowId;
  }

  /** The value of the Set-Cookie header that lets a browser in. */
  cookieHeader(): string {
    return `${this.cookieName()}=${this.secret}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Cookies are shared across ports, so the name includes the port. */
  private cookieName(): string {
    return `relay_host_${this.port}`;
  }

  /** Null when Host and Origin of the request are this host's; otherwise the reason for the refusal. */
  refuseAddress(request: IncomingMessage): string | null {
    if (request.headers.host !== `127.0.0.1:${this.port}`) return 'wrong host';
    const { origin } = request.headers;
    if (origin !== undefined && origin !== this.base) return 'wrong origin';
    return null;
  }

  /** Null when the request is allowed; otherwise the reason for the refusal. `socket` also requires an Origin. */
  refuse(request: IncomingMessage, socket = false): string | null {
    const address = this.refuseAddress(request);
    if (address !== null) return address;
    if (socket && request.headers.origin === undefined) return 'no origin';
    return this.hasCookie(request.headers.cookie ?? '') ? null : 'no ticket';
  }

  private hasCookie(header: string): boolean {
    const wanted = Buffer.from(`${this.cookieName()}=${this.secret}`);
    return header.split(/;\s*/).some((pair) => {
      const given = Buffer.from(pair);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    });
  }
}
