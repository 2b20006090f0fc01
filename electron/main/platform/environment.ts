/** What environment variables may decide: for a packaged app only the server's address. */
import { isAbsolute } from 'node:path';
import { isLoopback } from '../lib/loopback.ts';

export const PUBLIC_SERVER = 'https://relay.plooza.io';

export interface Environment {
  /** The address the sign-in screen suggests first. */
  defaultServer: string;
  /** The server that the user started the app for; null if none was named. */
  askedServer: string | null;
  /** Another user data folder; null for the usual one. */
  userDataDir: string | null;
  /** The page's development server on this computer; null in the product. */
  devServer: string | null;
  logLevel: 'debug' | 'info';
  /** Also validate answers to the page against their schemas; never in the product. */
  checkAnswers: boolean;
}

function devServerOf(text: string | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' && isLoopback(url) ? `${url.origin}/` : null;
}

function addressOf(text: string | undefined): string | null {
  return text !== undefined && text !== '' && text.length <= 2048 ? text : null;
}

/** Reads the environment. A packaged app takes only the server's address from it. */
export function readEnvironment(env: NodeJS.ProcessEnv, packaged: boolean): Environment {
  const asked = addressOf(env['RELAY_SERVER']);
  const local = packaged ? null : addressOf(env['RELAY_LOCAL_SERVER']);
  const folder = env['RELAY_USER_DATA'];
  return {
    defaultServer: asked ?? local ?? PUBLIC_SERVER,
    askedServer: asked,
    userDataDir: !packaged && folder && isAbsolute(folder) ? folder : null,
    devServer: packaged ? null : devServerOf(env['RELAY_DEV_SERVER']),
    checkAnswers: !packaged && env['RELAY_CHECK_ANSWERS'] !== '0',
    logLevel: env['RELAY_LOG'] === 'debug' && !packaged ? 'debug' : 'info',
  };
}
