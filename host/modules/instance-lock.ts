/**
 * One instance per data folder. The lock is a file with the holder's process id, created atomically; a file whose
 * process is gone is taken over. A second instance sends its arguments to the first over a local socket and exits.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** The message of a second instance; it is validated because any process that finds the socket can send data. */
const Message = z.object({ argv: z.array(z.string()), cwd: z.string() });
/** Maximum length of a message in characters, and the socket's timeout in milliseconds. */
const MAX_MESSAGE_LENGTH = 1_000_000;
const MESSAGE_TIMEOUT_MS = 5_000;

type Heard = (argv: string[], cwd: string) => void;

export class InstanceLock {
  held = false;
  private file = '';
  private server: Server | null = null;
  /** The message to the first instance, while it is being sent. */
  private sending: Promise<void> = Promise.resolve();

  /** True when this process is the first one to use the folder. */
  request(folder: string, argv: string[], heard: Heard): boolean {
    if (this.held) return true;
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, 'stand-in.lock');
    if (!this.take()) {
      this.sending = sendMessage(instanceAddress(folder), { argv, cwd: process.cwd() });
      return false;
    }
    this.held = true;
    this.listen(instanceAddress(folder), heard);
    return true;
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    this.server?.close();
    rmSync(this.file, { force: true });
  }

  /** Resolves when the message to the first instance has been sent. */
  async told(): Promise<void> {
    await this.sending;
  }

  private take(): boolean {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        writeFileSync(this.file, String(process.pid), { flag: 'wx', mode: 0o600 });
        return true;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      if (isAlive(Number(readFileSync(this.file, 'utf8')))) return false;
      rmSync(this.file, { force: true });
    }
    return false;
  }

  private listen(path: string, heard: Heard): void {
    if (process.platform !== 'win32') rmSync(path, { force: true });
    this.server = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8');
      socket.setTimeout(MESSAGE_TIMEOUT_MS, () => socket.destroy());
      socket.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_MESSAGE_LENGTH) socket.destroy();
      });
      socket.on('end', () => {
        const message = readMessage(text);
        if (message) heard(message.argv, message.cwd);
        else process.stderr.write('The stand-in heard a second start that was none.\n');
      });
      socket.on('error', () => socket.destroy());
    });
    this.server.on('error', (error) => {
      process.stderr.write(`The stand-in cannot hear of second starts: ${error.message}\n`);
    });
    this.server.listen(path).unref();
  }
}

/** Parses a message; null when it is invalid. */
function readMessage(text: string): z.infer<typeof Message> | null {
  try {
    const read = Message.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Local socket paths must be short, so the folder is hashed. */
export function instanceAddress(folder: string): string {
  const name = `relay-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function sendMessage(path: string, message: { argv: string[]; cwd: string }): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(path, () => socket.end(JSON.stringify(message)));
    socket.on('close', () => resolve());
    socket.on('error', (error) => {
      process.stderr.write(`The running Relay did not hear of this start: ${error.message}\n`);
    });
  });
}
