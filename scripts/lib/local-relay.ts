/**
 * The relay on this computer: it keeps its data and its port in the user's folder, since accounts are identified by the
 * server's address.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminLine, startRelay } from '../../relay/server.ts';
import { StartError } from '../../relay/start-error.ts';
import { dataHome } from './paths.ts';
import { say, Stop } from './say.ts';

export interface LocalRelay {
  url: string;
  /** Null when another start of ours is running it. */
  close: (() => Promise<void>) | null;
}

const HOST = '127.0.0.1';

/** The folder of this computer's relay. RELAY_DATA_DIR overrides it. */
export function relayFolder(env: NodeJS.ProcessEnv = process.env, home: string = dataHome()): string {
  return env.RELAY_DATA_DIR || join(home, 'relay-desktop', 'relay');
}

/** Starts the relay, or finds the one already running. */
export async function startLocalRelay(folder: string): Promise<LocalRelay> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const portFile = join(folder, 'port');
  const remembered = readPort(portFile);
  if (remembered !== 0 && (await isRelay(remembered))) {
    return { url: `http://${HOST}:${remembered}`, close: null };
  }
  try {
    return await start(folder, portFile, remembered);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    if (remembered === 0 || !error.message.includes(String(remembered))) throw new Stop(`relay: ${error.message}`);
    say(
      `Port ${remembered}, where the relay of this computer was, is taken by another program: it gets another address.`,
    );
    return start(folder, portFile, 0);
  }
}

async function start(folder: string, portFile: string, port: number): Promise<LocalRelay> {
  const relay = await startRelay({ host: HOST, port, dataDir: folder, logLevel: 'warn' });
  writeFileSync(portFile, String(relay.port));
  if (relay.adminPasswordFile !== undefined) say(adminLine(relay.adminPasswordFile));
  return { url: relay.url, close: () => relay.close() };
}

function readPort(file: string): number {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

/** True when a relay responds on this port. */
async function isRelay(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://${HOST}:${port}/api/capabilities`, { signal: AbortSignal.timeout(2000) });
    const body: unknown = await answer.json();
    return answer.ok && typeof body === 'object' && body !== null && 'capabilities' in body;
  } catch (error) {
    // Nothing there, or not a relay: both mean no.
    if (error instanceof Error) return false;
    throw error;
  }
}
