/** The stand-in's modules in this process, with pages that the test plays: no server listens and no browser opens. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import type { Contents } from '../../host/contents.ts';
import { createModules } from '../../host/modules/index.ts';
import { Runtime, type HostOptions } from '../../host/runtime.ts';
import { PageSocket } from '../../host/server/page-socket.ts';
import type { HostFrame, PageFrame } from '../../host/wire/frames.ts';

/** One document of a window. */
export interface PlayedPage {
  /** What the host has said to it. */
  readonly heard: HostFrame[];
  /** False once either side has ended the link. */
  isOpen(): boolean;
  say(frame: PageFrame): void;
  /** Any text, as a page that is not ours could send it. */
  sayText(text: string): void;
  /** The document has loaded, and says whether it has the focus. */
  load(focused?: boolean): void;
}

class PlayedSocket extends EventEmitter {
  readonly heard: HostFrame[] = [];
  open = true;

  send(text: string): void {
    this.heard.push(JSON.parse(text) as HostFrame);
  }

  terminate(): void {
    if (!this.open) return;
    this.open = false;
    this.emit('close');
  }
}

/** Where a window's page is, as the browser names it. */
export function addressIn(contents: Contents, path = 'index.html'): string {
  return `http://127.0.0.1:0/w/${String(contents.id)}/app/sample/${path}`;
}

/** Opens the link of a new document in a window, as its first script does. */
export function openPage(contents: Contents): PlayedPage {
  const socket = new PlayedSocket();
  const sayText = (text: string): void => void socket.emit('message', Buffer.from(text), false);
  const say = (frame: PageFrame): void => sayText(JSON.stringify(frame));
  contents.documentServed(contents.currentUrl, 200);
  contents.documentOpened(new PageSocket(socket as unknown as WebSocket, () => undefined));
  return {
    heard: socket.heard,
    isOpen: () => socket.open,
    say,
    sayText,
    load(focused = true) {
      say({ kind: 'focus', focused, visible: true });
      say({ kind: 'stage', stage: 'finish', title: 'Sample', url: addressIn(contents) });
    },
  };
}

/** Makes the modules for the sample application. `ready` makes it ready at once. */
export function createStandIn(options: Partial<HostOptions> = {}, ready = true) {
  const runtime = new Runtime(
    {
      appDir: join(import.meta.dirname, '../e2e/fixtures/host'),
      packaged: false,
      keyStore: 'strong',
      notifications: 'shown',
      tray: 'shown',
      languages: ['en-GB'],
      keepWire: false,
      argv: [],
      ...options,
    },
    { open: () => undefined, raise: () => undefined, close: () => undefined, colours: () => undefined },
  );
  const { modules, parts } = createModules(runtime, () => undefined, null);
  if (ready) {
    modules.protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    parts.app.becomeReady(parts.session.whole);
  }
  return { runtime, modules, parts };
}
