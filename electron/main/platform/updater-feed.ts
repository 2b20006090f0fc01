/** Whether this installation can be updated, and from where: by its own files. */
import { accessSync, constants, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { UpdateOff } from '#contract/model/updates.ts';
import { errorName } from '../lib/emitter.ts';
import { isLoopback } from '../lib/loopback.ts';
import { maySupplyUpdates } from '../lib/update-address.ts';
import type { Logger } from '../services/ports.ts';

/** Kinds of places whose addresses the library makes itself, all with https. */
const HOSTED = ['github', 'gitlab', 's3', 'spaces'];

/** Where updates come from; `off` if they come from nowhere. */
export interface UpdateFeed {
  off: UpdateOff | null;
  /** The place is on this computer. */
  isLocal: boolean;
  /** Name of the folder in which the library keeps what it fetched; null if the file names none. */
  folder: string | null;
}

/** The file of a package in which electron-builder names its `publish`. */
export function feedFile(resources: string): string {
  return join(resources, 'app-update.yml');
}

/** What the text of that file says. Pure, but for the library that it loads. */
export async function readFeed(text: string): Promise<UpdateFeed> {
  const { load } = await import('js-yaml');
  const broken: UpdateFeed = { off: 'broken_feed', isLocal: false, folder: null };
  const config = load(text);
  if (typeof config !== 'object' || config === null || !('provider' in config)) return broken;
  const named = 'updaterCacheDirName' in config ? config.updaterCacheDirName : null;
  const folder = typeof named === 'string' && /^[\w-]+$/.test(named) ? named : null;
  if (HOSTED.some((kind) => kind === config.provider)) return { off: null, isLocal: false, folder };
  const address = 'url' in config && typeof config.url === 'string' ? config.url : '';
  if (config.provider !== 'generic' || !URL.canParse(address)) return broken;
  const url = new URL(address);
  return { off: maySupplyUpdates(url) ? null : 'insecure_feed', isLocal: isLoopback(url), folder };
}

/** The same of the file itself. */
export async function feedOf(resources: string, logger: Logger): Promise<UpdateFeed> {
  try {
    return await readFeed(await readFile(feedFile(resources), 'utf8'));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) logger.warn('updater.feed_unreadable', { error: errorName(error) });
    return { off: isMissing ? 'no_feed' : 'broken_feed', isLocal: false, folder: null };
  }
}

export interface Installation {
  isPackaged: boolean;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  resources: string;
}

/** Why this installation cannot replace itself, wherever updates come from; null if it can. */
export function installationOff({ isPackaged, platform, env, resources }: Installation): UpdateOff | null {
  if (!isPackaged) return 'unpackaged';
  if (platform !== 'linux') return null;
  // electron-builder writes it into what a package manager installs.
  if (existsSync(join(resources, 'package-type'))) return 'package_manager';
  const program = env['APPIMAGE'] ?? '';
  if (!program.startsWith('/')) return 'not_appimage';
  return mayReplaceFile(program) ? null : 'read_only';
}

function mayReplaceFile(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    // That is the answer.
    return false;
  }
}
