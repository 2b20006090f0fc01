/**
 * Who may speak to the host: a browser that came by a ticket, and nobody else on this computer. A ticket is a random
 * address; using it gives a cookie. Host and Origin are checked on each request, so that no other page, by a name of its
 * own for 127.0.0.1 or from its own origin, gets anywhere.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** How long an address to open stays good: for one use, or for as long as the host runs. */
export type TicketLife = 'once' | 'run';

export class Access {
  private readonly secret = randomBytes(32).toString('base64url');
  private readonly tickets = new Map<string, { windowId: number; life: TicketLife }>();
  private port = 0;

  /** The port is known only once the server listens. */
  setPort(port: number): void {
    this.port = port;
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** An address that opens a window for whoever has it. */
  ticketAddress(windowId: number, life: TicketLife): string {
    const ticket = randomBytes(24).toString('base64url');
    this.tickets.set(ticket, { windowId, life });
    return `${this.base}/open/${ticket}`;
  }

  /** The window of a ticket, or null when there is none such or it was used. */
  redeem(ticket: string): number | null {
    const found = this.tickets.get(ticket);
    if (!found) return null;
    if (found.life === 'once') this.tickets.delete(ticket);
    return found.windowId;
  }

  /** The header that lets a browser in. */
  cookieHeader(): string {
    return `${this.cookieName()}=${this.secret}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Cookies do not know ports: the name does. */
  private cookieName(): string {
    return `relay_host_${this.port}`;
  }

  /** Null when the request is meant for this host by its address; else why it is refused. */
  refuseAddress(request: IncomingMessage): string | null {
    if (request.headers.host !== `127.0.0.1:${this.port}`) return 'wrong host';
    const { origin } = request.headers;
    if (origin !== undefined && origin !== this.base) return 'wrong origin';
    return null;
  }

  /** Null when the request may go on; else why it is refused. `socket` also wants an Origin. */
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
