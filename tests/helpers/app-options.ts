/** What the tests say of an application before it starts, and what each host gives back. */
import type { Page } from '@playwright/test';
import type { HostProcess } from '../../host/client.ts';

export type TestHost = 'electron' | 'stand-in';

export interface AppOptions {
  /** The address that the sign-in screen offers first. */
  server?: string;
  /** Kept at the end when it is given; else made and removed. */
  userDataDir?: string;
  /** The system's and the page's language; `en-US` when not given. */
  locale?: string;
  colorScheme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
  /** How the system's key store behaves; only on the stand-in. */
  keyStore?: 'strong' | 'weak' | 'unavailable';
  /** The folder with another application's package.json; the product's own when not given. */
  appDir?: string;
  /** `appDir` is a packed application's `.../app.asar`; only on the stand-in. */
  packaged?: boolean;
  env?: Record<string, string>;
  /** Console errors of the page that this test provokes. */
  expectedProblems?: RegExp[];
}

/** What a host gives; the rest is the same for both. */
export interface Launched {
  page: Page;
  control: HostProcess | null;
  output(): string;
  kill(): Promise<void>;
  quit(): Promise<void>;
}

/** What each host is told. */
export type LaunchOptions = AppOptions &
  Required<Pick<AppOptions, 'userDataDir' | 'locale' | 'viewport' | 'colorScheme' | 'appDir'>>;

/** The environment of the application: this process's, without what would steer it by accident. */
export function appEnvironment(options: LaunchOptions): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name.startsWith('RELAY_') ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(inherited),
    ...(options.server === undefined ? {} : { RELAY_SERVER: options.server }),
    RELAY_USER_DATA: options.userDataDir,
    ...options.env,
  };
}
