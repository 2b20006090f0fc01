/** Starts a node: from code with `startRelay`, from a shell with `node relay/server.ts` and environment variables. */
import { buildRelay, type Relay } from './app.ts';
import { isLoopback } from './http/address.ts';
import { runCommand } from './maintenance/commands.ts';
import { checkStart, readSettings, type StartOptions } from './settings.ts';
import { StartError } from './start-error.ts';
import { ADMIN_USERNAME } from './services/accounts.ts';

/** A listening node. */
export interface RunningRelay {
  /** `http://HOST:PORT`, without a path. */
  url: string;
  port: number;
  /** The file with the administrator's password, if this start generated one. */
  adminPasswordFile?: string;
  /** Completes work in progress, notifies the sockets, closes the database. */
  close(): Promise<void>;
}

/** The one-time notice about a password the user did not choose. */
export function adminLine(file: string, platform: NodeJS.Platform = process.platform): string {
  const eyes = platform === 'win32' ? 'for whoever may open that folder' : 'for your eyes only';
  return `The administrator of the relay is "${ADMIN_USERNAME}"; the password is in ${file} (${eyes}).`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const LISTEN_REASONS: Record<string, string> = {
  EADDRINUSE: 'is in use: stop the other program, or choose another one with RELAY_PORT',
  EACCES: 'may not be used without more rights: choose one above 1023 with RELAY_PORT',
};

async function listen(relay: Relay, host: string, port: number): Promise<{ url: string; port: number }> {
  try {
    return await relay.listen(host, port);
  } catch (error) {
    await relay.close();
    const code = codeOf(error);
    const reason = LISTEN_REASONS[code];
    if (reason) throw new StartError(`port ${port} ${reason}`);
    if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL' || code === 'EAI_AGAIN') {
      throw new StartError(`RELAY_HOST ${host} is no address of this computer`);
    }
    throw error;
  }
}

/**
 * Builds a node and listens.
 * @param options `port` 0 picks any free one.
 * @throws StartError with a one-line message for the user.
 */
export async function startRelay(options: StartOptions): Promise<RunningRelay> {
  checkStart(options);
  const { host, port, ...build } = options;
  const relay = await buildRelay({ ...build, loopback: isLoopback(host) });
  const address = await listen(relay, host, port);
  relay.log.info({ url: address.url }, 'ready');
  return {
    ...address,
    ...(relay.newAdminPasswordFile === null ? {} : { adminPasswordFile: relay.newAdminPasswordFile }),
    close: () => relay.close(),
  };
}

/** First signal: graceful stop. Second signal: exit at once. */
function stopOnSignals(relay: RunningRelay): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    relay.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`relay: could not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function main(): Promise<void> {
  try {
    const args = process.argv.slice(2);
    if (args.length > 0) {
      const { text, isWell } = await runCommand(args, process.env, Date.now());
      process.stdout.write(`${text}\n`);
      if (!isWell) process.exitCode = 1;
      return;
    }
    const relay = await startRelay(readSettings(process.env));
    stopOnSignals(relay);
    if (relay.adminPasswordFile !== undefined) process.stdout.write(`${adminLine(relay.adminPasswordFile)}\n`);
    process.stdout.write(`Relay node ready at ${relay.url}\n`);
    process.send?.({ type: 'ready', url: relay.url, port: relay.port });
  } catch (error) {
    // An expected error is one line; anything else is a bug and prints its stack.
    const text = error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`relay: ${text}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
