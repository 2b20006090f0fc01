/**
 * One instance per data folder. The lock is a file with the holder's process id, taken in one step; a file whose process
 * is gone is taken over. A second instance tells the first what it was started with over a local socket, and ends.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What a second instance says; whoever else finds the socket may say anything. */
const Word = z.object({ argv: z.array(z.string()), cwd: z.string() });
/** Characters of a word, and milliseconds that it may take. */
const LONGEST_WORD = 1_000_000;
const SLOWEST_WORD_MS = 5_000;

type Heard = (argv: string[], cwd: string) => void;

export class InstanceLock {
  held = false;
  private file = '';
  private server: Server | null = null;
  /** The word to the first instance, on its way. */
  private telling: Promise<void> = Promise.resolve();

  /** True when this process is the first one on the folder. */
  request(folder: string, argv: string[], heard: Heard): boolean {
    if (this.held) return true;
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, 'stand-in.lock');
    if (!this.take()) {
      this.telling = tell(instanceAddress(folder), { argv, cwd: process.cwd() });
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

  /** Ends when the first instance has heard of this one. */
  async told(): Promise<void> {
    await this.telling;
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
      socket.setTimeout(SLOWEST_WORD_MS, () => socket.destroy());
      socket.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > LONGEST_WORD) socket.destroy();
      });
      socket.on('end', () => {
        const word = readWord(text);
        if (word) heard(word.argv, word.cwd);
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

/** The word in a text, or null when it is none. */
function readWord(text: string): z.infer<typeof Word> | null {
  try {
    const read = Word.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Local sockets have short names: the folder goes in by its hash. */
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
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function tell(path: string, word: { argv: string[]; cwd: string }): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(path, () => socket.end(JSON.stringify(word)));
    socket.on('close', () => resolve());
    socket.on('error', (error) => {
      process.stderr.write(`The running Relay did not hear of this start: ${error.message}\n`);
    });
  });
}
