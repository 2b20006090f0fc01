/** `ipcRenderer` for a preload on the stand-in: the part that the application's sandboxed preload uses. */
import { decode, encode } from '../wire/codec.ts';
import type { Link } from './link.ts';

type Listener = (event: unknown, ...args: unknown[]) => void;

export type IpcRendererPart = Pick<
  Electron.IpcRenderer,
  'invoke' | 'send' | 'on' | 'once' | 'off' | 'removeListener' | 'removeAllListeners'
>;

/**
 * Creates the object on top of the link. As in Electron, arguments that cannot be cloned throw.
 * @param awaited what must have happened before a message with this text is sent.
 */
export function createIpcRenderer(
  link: Link,
  awaited: (text: string) => Promise<unknown> | null = () => null,
): IpcRendererPart {
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  const replies = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>();
  let nextId = 1;

  link.on('reply', ({ id, value }) => {
    replies.get(id)?.resolve(decode(value));
    replies.delete(id);
  });
  link.on('refusal', ({ id, message }) => {
    replies.get(id)?.reject(new Error(message));
    replies.delete(id);
  });
  link.on('event', ({ channel, args }) => {
    const values = decode(args) as unknown[];
    for (const entry of [...(listeners.get(channel) ?? [])]) {
      if (entry.once) drop(channel, entry.listener);
      entry.listener({ sender: ipcRenderer, ports: [] }, ...values);
    }
  });

  function add(channel: string, listener: Listener, once: boolean): IpcRendererPart {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }]);
    return ipcRenderer;
  }
  function drop(channel: string, listener: Listener): IpcRendererPart {
    const kept = (listeners.get(channel) ?? []).filter((entry) => entry.listener !== listener);
    listeners.set(channel, kept);
    return ipcRenderer;
  }

  const ipcRenderer = {
    // Async, so that an argument that cannot be cloned rejects, as in Electron.
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const text = encode(args);
      const before = awaited(text);
      if (before) await before;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        replies.set(id, { resolve, reject });
        link.send({ kind: 'invoke', id, channel, args: text });
      });
    },
    send(channel: string, ...args: unknown[]): void {
      link.send({ kind: 'send', channel, args: encode(args) });
    },
    on: (channel: string, listener: Listener) => add(channel, listener, false),
    once: (channel: string, listener: Listener) => add(channel, listener, true),
    off: (channel: string, listener: Listener) => drop(channel, listener),
    removeListener: (channel: string, listener: Listener) => drop(channel, listener),
    removeAllListeners(channel?: string): IpcRendererPart {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
  } as IpcRendererPart;

  link.onClose(() => {
    for (const { reject } of replies.values()) reject(new Error('The application has ended.'));
    replies.clear();
  });
  return ipcRenderer;
}
