/** A stand-in as a child process, for scripts and tests: starts it, calls it over its IPC channel, and ends it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ControlCalls, ControlMessage, ControlName } from './control.ts';

export interface HostProcessOptions {
  appDir: string;
  screen: 'browser' | 'print' | 'parent';
  browser?: string;
  env?: NodeJS.ProcessEnv;
  /** Emulates a packaged application: `appDir` is then `.../app.asar`. */
  packaged?: boolean;
  /** Arguments for the application itself. */
  argv?: string[];
  /** `pipe` captures its output, see `output`. */
  output?: 'inherit' | 'pipe';
}

type WindowMessage = Extract<ControlMessage, { kind: 'window' }>;
type ColoursMessage = Extract<ControlMessage, { kind: 'colours' }>;

const END_MS = 8000;

export class HostProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>();
  private readonly windows: WindowMessage[] = [];
  private readonly windowListeners = new Set<(message: WindowMessage) => void>();
  private readonly coloursListeners = new Set<(message: ColoursMessage) => void>();
  private nextId = 1;
  private text = '';

  constructor(options: HostProcessOptions) {
    const args = [`--app=${options.appDir}`, `--screen=${options.screen}`, `--browser=${options.browser ?? ''}`];
    if (options.packaged === true) args.push('--packaged');
    const stream = options.output ?? 'pipe';
    this.child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, 'run.ts'),
        ...args,
        '--',
        ...(options.argv ?? []),
      ],
      { stdio: ['ignore', stream, stream, 'ipc'], env: options.env ?? process.env, serialization: 'advanced' },
    );
    const keep = (chunk: Buffer): void => void (this.text += chunk.toString());
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.child.on('message', (message: ControlMessage) => this.heard(message));
    this.exited = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.text += error.message;
        resolve(null);
      });
      // Not `close`: that event does not fire once this side has ended the channel.
      this.child.on('exit', (code) => resolve(code));
    });
    void this.exited.then((code) => this.ended(code));
  }

  /** Everything the process has written to stdout and stderr. */
  output(): string {
    return this.text;
  }

  /** Makes one call. Rejects with the stand-in's error message, or when it has exited. */
  async call<N extends ControlName>(call: N, input: ControlCalls[N]['input']): Promise<ControlCalls[N]['output']> {
    if (!this.child.connected) throw new Error(`the stand-in has ended:\n${this.text}`);
    const id = this.nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.child.send({ id, call, input });
    return await answer;
  }

  /** Called for each window that wants a page, including earlier ones. Returns a disposer. */
  onWindow(run: (message: WindowMessage) => void): () => void {
    this.windowListeners.add(run);
    for (const message of [...this.windows]) run(message);
    return () => this.windowListeners.delete(run);
  }

  onColours(run: (message: ColoursMessage) => void): () => void {
    this.coloursListeners.add(run);
    return () => this.coloursListeners.delete(run);
  }

  /** The first window's id and address. Rejects if the process exits first. */
  async firstWindow(): Promise<WindowMessage> {
    const known = this.windows[0];
    if (known) return known;
    return new Promise((resolve, reject) => {
      this.onWindow(resolve);
      void this.exited.then(() => reject(new Error(`the stand-in ended without a window:\n${this.text}`)));
    });
  }

  /** Quits the application gracefully, or kills it if that takes too long. Returns the exit code. */
  async quit(): Promise<number | null> {
    const force = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
    if (this.child.connected) {
      // The process may exit before it has answered.
      await Promise.race([this.call('quit', null), this.exited]).catch(() => undefined);
    }
    const code = await this.exited;
    clearTimeout(force);
    return code;
  }

  /** Kills the process. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private heard(message: ControlMessage): void {
    switch (message.kind) {
      case 'answer':
        this.waiting.get(message.id)?.resolve(message.value);
        this.waiting.delete(message.id);
        return;
      case 'error':
        this.waiting.get(message.id)?.reject(new Error(message.message));
        this.waiting.delete(message.id);
        return;
      case 'window':
        this.windows.push(message);
        for (const run of [...this.windowListeners]) run(message);
        return;
      case 'colours':
        for (const run of [...this.coloursListeners]) run(message);
        return;
    }
  }

  private ended(code: number | null): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`the stand-in ended (${code}):\n${this.text}`));
    this.waiting.clear();
  }
}
