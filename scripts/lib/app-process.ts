/** A running application, on whichever host was chosen. */
import { spawn } from 'node:child_process';
import { HostProcess } from '../../host/client.ts';
import type { HostChoice } from './host-choice.ts';
import { ROOT } from './paths.ts';
import { endChild } from './process.ts';
import { say, warn } from './say.ts';

export interface AppProcess {
  /** Resolves with the exit code. */
  exited: Promise<number | null>;
  /** Signs a user in through the application's own command. Null if the host offers no way to do so. */
  signIn: ((server: string, username: string, password: string) => Promise<void>) | null;
  end(): Promise<void>;
}

/**
 * Starts the built application. `env` extends this process's environment; `whose` names the user when an address is
 * printed.
 */
export function startApp(choice: HostChoice, env: NodeJS.ProcessEnv, whose?: string): AppProcess {
  const whole = { ...process.env, ...env };
  return choice.kind === 'electron' ? startUnderElectron(choice.runtime, whole) : startOnStandIn(choice, whole, whose);
}

function startUnderElectron(runtime: string, env: NodeJS.ProcessEnv): AppProcess {
  const child = spawn(runtime, [ROOT], { stdio: 'inherit', env });
  const exited = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      warn(`Electron did not start: ${error.message}`);
      resolve(1);
    });
    child.on('close', resolve);
  });
  return { exited, signIn: null, end: () => endChild(child) };
}

function startOnStandIn(
  choice: Exclude<HostChoice, { kind: 'electron' }>,
  env: NodeJS.ProcessEnv,
  whose: string | undefined,
): AppProcess {
  const host = new HostProcess({
    appDir: ROOT,
    screen: choice.kind,
    ...(choice.kind === 'browser' ? { browser: choice.browser } : {}),
    env,
    output: 'inherit',
  });
  host.onWindow(({ address }) => say(addressLine(address, whose)));
  return {
    exited: host.exited,
    async signIn(server, username, password) {
      const { windowId } = await host.call('firstWindow', null);
      const args = [{ server, username, password }];
      const answer = await host.call('invoke', { windowId, channel: 'accounts.login', args });
      if (typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true) return;
      throw new Error(`${username} could not be signed in: ${JSON.stringify(answer)}`);
    },
    end: async () => void (await host.quit()),
  };
}

/** The message for a user who opens the window manually. */
function addressLine(address: string, whose: string | undefined): string {
  const what = whose === undefined ? 'this address' : `${whose}'s window`;
  return `Open ${what} in Chrome, Chromium or Edge:\n  ${address}`;
}
