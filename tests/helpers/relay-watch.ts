/** Watches that a relay took nothing from what it refused: no row, no fault in the log. */
import { connect } from 'node:net';
import type { RelayOptions } from '../../relay/options.ts';
import { openRows } from './relay-rows.ts';
import { startTestRelay, type TestRelay } from './relay.ts';

export interface WatchedRelay extends TestRelay {
  /** Every table's rows, as one text to compare. */
  rows(): Promise<string>;
  /** Lines of the log at the level of errors: faults of the server's own. */
  faults(): string[];
}

const ERROR_LEVEL = 50;

function levelOf(line: string): number {
  const parsed: unknown = JSON.parse(line);
  const level = typeof parsed === 'object' && parsed !== null && 'level' in parsed ? parsed.level : 0;
  return typeof level === 'number' ? level : 0;
}

export async function startWatchedRelay(options: Partial<RelayOptions> = {}): Promise<WatchedRelay> {
  const lines: string[] = [];
  const relay = await startTestRelay({
    ...options,
    logLevel: 'warn',
    logTo: { write: (line) => void lines.push(line) },
  });
  const rows = await openRows(relay.dataDir);
  return {
    ...relay,
    rows: () => rows.dump(),
    faults: () => lines.filter((line) => levelOf(line) >= ERROR_LEVEL),
    async close() {
      await rows.close();
      await relay.close();
    },
  };
}

/** What a server answers to bytes written as they are: everything it says until it closes, or `ms` have passed. */
export function exchange(port: number, bytes: string | Buffer, ms = 5000): Promise<{ text: string; closed: boolean }> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const finish = (closed: boolean): void => {
      clearTimeout(late);
      socket.destroy();
      resolve({ text, closed });
    };
    const late = setTimeout(() => finish(false), ms);
    socket.on('data', (data) => (text += data.toString('latin1')));
    // A server that has answered may cut the line while the rest is still being written.
    socket.on('error', () => finish(true));
    socket.on('close', () => finish(true));
    socket.write(bytes);
  });
}
