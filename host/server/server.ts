/**
 * The host's server on 127.0.0.1: documents of the application's schemes, the script that runs before them, and one
 * WebSocket per document.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Access } from './access.ts';
import { ownPath, readTarget, toPath, type Target } from './address.ts';
import { proxyRequest, proxyUpgrade } from './dev-proxy.ts';
import { DocumentKeys } from './document-keys.ts';
import { answerFromHandler, type SchemeHandler } from './documents.ts';
import { FILES_NAME, takeGivenFile } from './given-folder.ts';
import { PageSocket, type WireTap } from './page-socket.ts';
import { mayAsk } from './scheme-rules.ts';

/** What the server needs from a window. */
export interface ServedWindow {
  readonly id: number;
  /** The URL its page is supposed to show. */
  readonly currentUrl: string;
  /** With it the document's own script hands over files; null before there is a document. */
  readonly filesKey: string | null;
  /** The script that runs first in each of its documents, and connects through this path. */
  bootScript(linkPath: string): Promise<string>;
  /** The document at this URL was requested; `status` is the response status. */
  documentServed(url: string, status: number): void;
  documentOpened(page: PageSocket): void;
}

export interface HostServerOptions {
  handlerOf(scheme: string): SchemeHandler | undefined;
  privilegesOf(scheme: string): Electron.Privileges;
  /** Whether main lets a request for one of its schemes through. */
  mayRequest(url: string, method: string, destination: string | undefined): Promise<boolean>;
  windowOf(id: number): ServedWindow | undefined;
  /** The window existed and is gone. */
  wasWindow(id: number): boolean;
  /** A window that shows a page of the application's own scheme, if all of those have one origin. */
  homeWindow(): ServedWindow | undefined;
  /** The window that shows the development server's page, and the server's origin. */
  devWindow(): { window: ServedWindow; origin: string } | undefined;
  /** Where copies of the user's files lie. */
  givenFolder(): string;
  tap: WireTap;
}

/** Milliseconds pages get to leave on shutdown. */
const LEAVE_MS = 1000;
const LARGEST_FRAME = 64 * 1024 * 1024;

export class HostServer {
  readonly access = new Access();
  private readonly options: HostServerOptions;
  private readonly http: Server;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_FRAME,
    perMessageDeflate: false,
  });
  private readonly pages = new Set<PageSocket>();
  private readonly keys = new DocumentKeys();
  private onLeft: () => void = () => undefined;

  constructor(options: HostServerOptions) {
    this.options = options;
    this.http = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        // As under Electron the page only learns that its request failed; the reason goes to the terminal.
        process.stderr.write(
          `A request of the page failed: ${error instanceof Error ? error.message : String(error)}\n`,
        );
        response.destroy();
      });
    });
    this.http.on('upgrade', (request, socket, head: Buffer) => this.upgrade(request, socket, head));
  }

  /** Listens on a free loopback port. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(0, '127.0.0.1', resolve);
    });
    this.access.setPort((this.http.address() as AddressInfo).port);
  }

  /** Closes every connection, once the pages asked to close have left or the time is up. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LEAVE_MS)));
    const left = new Promise<void>((resolve) => (this.onLeft = resolve));
    if (this.pages.size > 0) await Promise.race([left, late]);
    clearTimeout(timer);
    for (const page of this.pages) page.terminate();
    this.sockets.close();
    this.http.closeAllConnections();
    await new Promise<void>((resolve) => this.http.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readTarget(request.url ?? '/');
    if (target.kind === 'ticket') {
      this.answerTicket(target.ticket, request, response);
      return;
    }
    const refusal = this.access.refuse(request);
    if (refusal !== null) refuse(response, 403, refusal);
    else await this.answerAllowed(target, request, response);
  }

  private async answerAllowed(target: Target, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (target.kind) {
      case 'own':
        if (target.name === FILES_NAME) return this.takeFile(target.windowId, request, response);
        return this.answerOwn(target.windowId, target.name, response);
      case 'document':
        return this.answerDocument(target.windowId, target.url, request, response);
      default: {
        const dev = this.options.devWindow();
        // Browsers request an icon on their own; Electron windows do not.
        if (request.url === '/favicon.ico') response.writeHead(204).end();
        else if (!dev) await this.answerRoot(request, response);
        else proxyRequest(dev.origin, request, response, this.scriptTag(request, dev.window.id));
      }
    }
  }

  /**
   * A path from the root belongs to the page's own origin, which under Electron is that of its scheme. Only for what a
   * page loads: it never navigates there.
   */
  private async answerRoot(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const home = this.options.homeWindow();
    const destination = request.headers['sec-fetch-dest'];
    if (!home || destination === undefined || destination === 'document') {
      refuse(response, 404, 'not found');
      return;
    }
    const { protocol, host } = new URL(home.currentUrl);
    await this.answerDocument(home.id, `${protocol}//${host}${request.url ?? '/'}`, request, response);
  }

  private async takeFile(windowId: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = this.options.windowOf(windowId)?.filesKey ?? null;
    if (request.method !== 'POST' || key === null || request.headers['x-host-key'] !== key) {
      refuse(response, 404, 'not found');
      return;
    }
    const isTaken = await takeGivenFile(this.options.givenFolder(), request);
    response.writeHead(isTaken ? 204 : 400).end();
  }

  private answerTicket(ticket: string, request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.access.refuseAddress(request);
    const window = refusal === null ? this.options.windowOf(this.access.redeem(ticket) ?? -1) : undefined;
    if (!window) {
      refuse(response, 403, refusal ?? 'This address was used already. Start Relay again for a new one.');
      return;
    }
    response.writeHead(303, {
      location: toPath(window.id, window.currentUrl),
      'set-cookie': this.access.cookieHeader(),
      'cache-control': 'no-store',
    });
    response.end();
  }

  private async answerOwn(windowId: number, name: string, response: ServerResponse): Promise<void> {
    const window = this.options.windowOf(windowId);
    const key = /^boot\.([\w-]+)\.js$/.exec(name)?.[1] ?? '';
    if (!window || !this.keys.isFresh(key, windowId)) {
      refuse(response, 404, 'not found');
      return;
    }
    const script = await window.bootScript(ownPath(windowId, `link.${key}`));
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' });
    response.end(script);
  }

  private async answerDocument(
    windowId: number,
    url: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const window = this.options.windowOf(windowId);
    const scheme = new URL(url).protocol.slice(0, -1);
    const handler = this.options.handlerOf(scheme);
    const destination = request.headers['sec-fetch-dest']?.toString();
    const privileges = this.options.privilegesOf(scheme);
    // Its page is going away: under Electron no one would get an answer either.
    if (!window && this.options.wasWindow(windowId)) return;
    if (!window || !handler || !mayAsk(window.currentUrl, url, destination, privileges)) {
      refuse(response, 404, 'not found');
      return;
    }
    if (!(await this.options.mayRequest(url, request.method ?? 'GET', destination))) {
      response.destroy();
      return;
    }
    const status = await answerFromHandler(handler, url, request, response, this.scriptTag(request, windowId));
    if (destination === 'document') window.documentServed(url, status);
  }

  /** The window of the document that connects; works once per document. */
  private linkedWindow(target: Target): ServedWindow | undefined {
    if (target.kind !== 'own') return undefined;
    const key = /^link\.([\w-]+)$/.exec(target.name)?.[1] ?? '';
    return this.keys.redeem(key, target.windowId) ? this.options.windowOf(target.windowId) : undefined;
  }

  /** The tag to insert into a document that a browser displays; empty when a script merely fetches it. */
  private scriptTag(request: IncomingMessage, windowId: number): string {
    if (request.headers['sec-fetch-dest'] !== 'document') return '';
    return `<script src="${ownPath(windowId, `boot.${this.keys.mint(windowId)}.js`)}"></script>`;
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = readTarget(request.url ?? '/');
    const dev = this.options.devWindow();
    const refused = this.access.refuse(request, true) !== null;
    const window = refused ? undefined : this.linkedWindow(target);
    if (refused || (!window && (target.kind !== 'other' || !dev))) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    } else if (window) {
      this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const page = new PageSocket(webSocket, this.options.tap);
        this.pages.add(page);
        webSocket.on('close', () => {
          this.pages.delete(page);
          if (this.pages.size === 0) this.onLeft();
        });
        window.documentOpened(page);
      });
    } else if (dev) {
      proxyUpgrade(dev.origin, request, socket, head);
    }
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  response.end(reason);
}
