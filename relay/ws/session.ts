/** What an authenticated connection may do, frame by frame. Every operation checks the user's permissions first. */
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import { RelayError } from '../errors.ts';
import type { Connection } from '../delivery/ports.ts';
import type { UserRow } from '../records.ts';
import { errorFrame } from './frames.ts';
import type { SocketServices } from './services.ts';

export interface Session {
  /** Resolves once the next frame may be handled: a send has its place in the order then, but need not be stored. */
  handle(frame: ClientFrame): Promise<void>;
  /** Responds to a frame that was refused before it got here. */
  refuse(error: RelayError, clientId: string | null): void;
  end(): void;
}

/** The key of a send. */
function clientIdOf(frame: ClientFrame): string | null {
  return frame.type === 'message:send' ? (frame.data.clientId ?? null) : null;
}

/** The names of a connection: its own among those of all nodes, and that of its device. */
export interface SessionNames {
  source: string;
  device: string;
}

export function createSession(
  services: SocketServices,
  user: UserRow,
  connection: Connection,
  { source, device }: SessionNames,
  onFault: (error: unknown) => void,
): Session {
  const { messaging, budgets, typing, callSignals, has } = services;
  let ended = false;

  function refuse(error: unknown, clientId: string | null = null): void {
    if (error instanceof RelayError) {
      connection.send(errorFrame(error, clientId));
      return;
    }
    onFault(error);
    connection.send(errorFrame(new RelayError('server_error', 'Something went wrong on the server.'), clientId));
  }

  async function send(data: Extract<ClientFrame, { type: 'message:send' }>['data']): Promise<void> {
    const { value, created } = await messaging.send(user, data);
    // A new message reaches all of the sender's connections as an event; a known one is sent to this one only.
    if (!created) connection.send(JSON.stringify({ type: 'message:new', data: value }));
  }

  async function startTyping(chatId: string): Promise<void> {
    const others = await messaging.othersIn(user.id, chatId);
    // Nobody would end what begins after the connection is gone.
    if (!ended) typing.start(source, user, chatId, others);
  }

  async function dispatch(frame: ClientFrame): Promise<void> {
    switch (frame.type) {
      case 'auth':
        throw new RelayError('bad_request', 'This connection is signed in already.');
      case 'message:send':
        await budgets.write(user.id, Buffer.byteLength(frame.data.content));
        // Not awaited: frames that arrive together share a commit.
        send(frame.data).catch((error: unknown) => refuse(error, clientIdOf(frame)));
        return;
      case 'typing:start':
        await startTyping(frame.data.chatId);
        return;
      case 'typing:stop':
        await messaging.chatOf(user.id, frame.data.chatId);
        typing.stop(user.id, frame.data.chatId);
        return;
      case 'message:read':
        if (!has('message-read')) throw new RelayError('bad_request', 'This node does not know that frame.');
        messaging.markRead(user.id, frame.data.chatId, frame.data.messageId).catch(refuse);
        return;
      case 'call:offer':
      case 'call:answer':
      case 'call:ice-candidate':
        await callSignals.take({ userId: user.id, id: source, device }, frame, JSON.stringify(frame).length);
        return;
    }
  }

  return {
    async handle(frame) {
      try {
        await dispatch(frame);
      } catch (error) {
        refuse(error, clientIdOf(frame));
      }
    },
    refuse,
    end() {
      ended = true;
      typing.left(source);
    },
  };
}
