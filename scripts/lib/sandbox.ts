/**
 * Whether Chromium's sandbox can work on this computer, for Electron and for browsers. On Linux it needs user namespaces,
 * which Ubuntu 23.10 and later keep from programs without a rule of their own, or a helper that belongs to root.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is looked at, so that each path can be tested. */
export interface SandboxProbe {
  platform: NodeJS.Platform;
  isRoot: boolean;
  /** Makes a user namespace and writes its map, as the sandbox does. Null when there is nothing to try it with. */
  userNamespace(): boolean | null;
  /** A setting of the kernel by its path below /proc/sys; null when this kernel does not have it. */
  setting(path: string): string | null;
  /** True when root's own helper lies beside the program: a file that runs as root, whoever starts it. */
  hasHelper(program: string): boolean;
}

/** The settings that refuse user namespaces, with the value that does it and the word for it. */
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
 * Why the sandbox of `program` cannot work, in words that follow "Electron ..."; null when it can. Without a program, of
 * one that is still to be unpacked by this person.
 */
export function sandboxProblem(program: string | null, probe: SandboxProbe = thisSystem()): string | null {
  if (probe.platform !== 'linux') return null;
  if (probe.isRoot) return 'keeps its sandbox and does not run as root';
  if (program !== null && probe.hasHelper(program)) return null;
  const made = probe.userNamespace();
  if (made === true) return null;
  const refusal = REFUSALS.find(({ path, value }) => probe.setting(path) === value);
  // Nothing to try it with, and nothing that speaks against it.
  if (made === null && !refusal) return null;
  return `keeps its sandbox, which needs user namespaces: ${refusal?.why ?? 'this system refuses them'}`;
}

/** For a browser that shows nothing but our own pages: with its sandbox wherever that can work. */
export function browserLaunch(program: string | undefined): { executablePath?: string; chromiumSandbox: boolean } {
  return {
    ...(program === undefined ? {} : { executablePath: program }),
    chromiumSandbox: sandboxProblem(program ?? null) === null,
  };
}

const UNSHARE_MS = 5000;
let namespaceMade: boolean | null | undefined;

/** This computer. The namespace is tried once. */
function thisSystem(): SandboxProbe {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    userNamespace: () => (namespaceMade ??= tryNamespace()),
    setting: (path) => readOrNull(() => readFileSync(join('/proc/sys', path), 'utf8').trim()),
    hasHelper: (program) => {
      // Chrome in the path is a link to where everything of it lies.
      const found = readOrNull(() => statSync(join(dirname(realpathSync(program)), 'chrome-sandbox')));
      return found !== null && found.uid === 0 && (found.mode & 0o4111) === 0o4111;
    },
  };
}

function tryNamespace(): boolean | null {
  // With a map: AppArmor on Ubuntu lets the namespace itself be made and refuses everything in it.
  const { error, status } = spawnSync('unshare', ['--user', '--map-root-user', 'true'], {
    stdio: 'ignore',
    timeout: UNSHARE_MS,
  });
  return error ? null : status === 0;
}

/** What is not there, or not for this person to read, is null. */
function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
