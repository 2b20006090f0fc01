/** `ipcMain`: listeners and handlers for messages from pages. */
import { EventEmitter } from 'node:events';
import { guard } from '../guard.ts';
import { createEvent } from './event.ts';
import type { ContentsServices } from './contents-services.ts';

type Handler = Parameters<Electron.IpcMain['handle']>[1];

export class HostIpcMain extends EventEmitter {
  readonly whole: Electron.IpcMain;
  private readonly handlers = new Map<string, Handler>();

  constructor() {
    super();
    this.whole = guard<Electron.IpcMain>('ipcMain', this);
  }

  handle(channel: string, listener: Handler): void {
    if (this.handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.handlers.set(channel, listener);
  }

  handleOnce(channel: string, listener: Handler): void {
    this.handle(channel, (event, ...args: unknown[]): unknown => {
      this.handlers.delete(channel);
      return listener(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }

  /** Delivers one message of a page to the registered listeners or handler. */
  readonly deliver: ContentsServices['deliver'] = async ({ kind, channel, args }, sender, senderFrame) => {
    const common = {
      sender,
      /** Null once its document is gone, as in Electron. */
      get senderFrame() {
        return senderFrame.isDestroyed() ? null : senderFrame;
      },
      frameId: senderFrame.routingId,
      processId: senderFrame.processId,
      type: 'frame' as const,
    };
    if (kind === 'send') {
      const reply = (to: string, ...values: unknown[]): void => sender.send(to, ...values);
      const event = Object.defineProperties(createEvent(common), {
        ports: { value: [] },
        reply: { value: reply },
        returnValue: { value: undefined, writable: true },
      });
      this.emit(channel, event, ...args);
      return undefined;
    }
    const handler = this.handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    const value: unknown = await handler(createEvent(common), ...args);
    return value;
  };
}
