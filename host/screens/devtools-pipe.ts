/**
 * The DevTools protocol over two pipes of a browser started by this process: JSON messages, each terminated by a NUL.
 */
import type { Readable, Writable } from 'node:stream';

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

type Listener = (params: Record<string, unknown>) => void;

export class DevtoolsPipe {
  private readonly input: Writable;
  private readonly waiting = new Map<
    number,
    { resolve: (value: Record<string, unknown>) => void; reject: (reason: Error) => void }
  >();
  private readonly listeners = new Map<string, Listener>();
  private nextId = 1;
  private rest = '';

  constructor(input: Writable, output: Readable) {
    this.input = input;
    output.setEncoding('utf8');
    output.on('data', (chunk: string) => this.heard(chunk));
    output.on('close', () => this.ended());
    output.on('error', () => this.ended());
    input.on('error', () => this.ended());
  }

  /** Calls a method; rejects when the browser returns an error or is gone. */
  async call(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** Subscribes to an event; one listener per event. */
  on(method: string, listener: Listener): void {
    this.listeners.set(method, listener);
  }

  private heard(chunk: string): void {
    const parts = (this.rest + chunk).split('\0');
    this.rest = parts.pop() ?? '';
    for (const part of parts) this.message(JSON.parse(part) as Message);
  }

  private message(message: Message): void {
    if (message.id === undefined) {
      this.listeners.get(message.method ?? '')?.(message.params ?? {});
      return;
    }
    const call = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) call?.reject(new Error(message.error.message));
    else call?.resolve(message.result ?? {});
  }

  private ended(): void {
    for (const { reject } of this.waiting.values()) reject(new Error('the browser is gone'));
    this.waiting.clear();
  }
}
