/**
 * Whether Chromium's sandbox can work on this computer, for Electron and for browsers. On Linux it needs user
 * namespaces, which Ubuntu 23.10 and later deny to programs without an AppArmor profile, or a setuid-root helper.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { browserEnv } from '../../host/screens/browser-env.ts';

/** What is probed, so that each path can be tested. */
export interface SandboxProbe {
  platform: NodeJS.Platform;
  isRoot: boolean;
  /** Creates a user namespace and writes its map, as the sandbox does. Null when there is no tool to try it with. */
  userNamespace(): boolean | null;
  /** A kernel setting by its path below /proc/sys; null when this kernel does not have it. */
  setting(path: string): string | null;
  /** True when the setuid-root helper is next to the program. */
  hasHelper(program: string): boolean;
}

/** Settings that forbid user namespaces, with the forbidding value and a description. */
const REFUSALS: readonly { path: string; value: string; why: string }[] = [
  {
    path: 'kernel/apparmor_restrict_unprivileged_userns',
    value: '1',
    why: 'AppArmor keeps them from programs without a profile',
  },
  { path: 'kernel/unprivileged_userns_clone', value: '0', why: 'kernel.unprivileged_userns_clone is 0' },
  { path: 'user/max_user_namespaces', value: '0', why: 'user.max_user_namespaces is 0' },
];

/**
 * Why the sandbox of `program` cannot work, phrased to follow "Electron ..."; null when it can. Without a program: for
 * one that this user has yet to unpack.
 */
export function sandboxProblem(program: string | null, probe: SandboxProbe = thisSystem()): string | null {
  if (probe.platform !== 'linux') return null;
  if (probe.isRoot) return 'keeps its sandbox and does not run as root';
  if (program !== null && probe.hasHelper(program)) return null;
  const made = probe.userNamespace();
  if (made === true) return null;
  const refusal = REFUSALS.find(({ path, value }) => probe.setting(path) === value);
  // No way to try it, and no sign against it.
  if (made === null && !refusal) return null;
  return `keeps its sandbox, which needs user namespaces: ${refusal?.why ?? 'this system refuses them'}`;
}

/** For a browser that only shows our own pages: sandboxed wherever possible, and able to take files of any name. */
export function browserLaunch(program: string | undefined): {
  executablePath?: string;
  chromiumSandbox: boolean;
  env: NodeJS.ProcessEnv;
} {
  return {
    ...(program === undefined ? {} : { executablePath: program }),
    chromiumSandbox: sandboxProblem(program ?? null) === null,
    env: browserEnv(),
  };
}

const UNSHARE_MS = 5000;
let namespaceMade: boolean | null | undefined;

/** The real system. The namespace is tried only once. */
function thisSystem(): SandboxProbe {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    userNamespace: () => (namespaceMade ??= tryNamespace()),
    setting: (path) => readOrNull(() => readFileSync(join('/proc/sys', path), 'utf8').trim()),
    hasHelper: (program) => {
      // Chrome in PATH is a link into the installation folder.
      const found = readOrNull(() => statSync(join(dirname(realpathSync(program)), 'chrome-sandbox')));
      return found !== null && found.uid === 0 && (found.mode & 0o4111) === 0o4111;
    },
  };
}

function tryNamespace(): boolean | null {
  // With a map: AppArmor on Ubuntu allows creating the namespace but denies everything inside it.
  const { error, status } = spawnSync('unshare', ['--user', '--map-root-user', 'true'], {
    stdio: 'ignore',
    timeout: UNSHARE_MS,
  });
  return error ? null : status === 0;
}

/** Null for anything missing or unreadable. */
function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
