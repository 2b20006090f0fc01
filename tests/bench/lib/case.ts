/** What a benchmark gets and what it must bring. */
import type { Browser } from '@playwright/test';
import type { CaseResult } from './report.ts';

export interface BenchContext {
  /** Frames at 60 per second, as on a screen. */
  readonly browser: Browser;
  /** Frames as fast as they can be made: shows what work takes without the wait for the next frame. */
  readonly unpaced: Browser;
  /** Starts a browser of its own, which the caller closes: for a start that counts the browser's own as well. */
  startBrowser(flags?: readonly string[]): Promise<Browser>;
  readonly quick: boolean;
  readonly seed: number;
  /** A new empty folder, gone when the bench ends. */
  folder(name: string): Promise<string>;
  /** A copy of the built application, so that a build in between does not mix two versions. */
  readonly appDir: string;
  /** Files kept from run to run. */
  readonly cacheDir: string;
  /** The folder of the built component page. */
  readonly peerDir: string;
  /** One line on the screen: what is being done. */
  say(line: string): void;
}

export type CaseOutcome = Pick<CaseResult, 'method' | 'figures' | 'refused'>;

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  /** True: needs neither the application nor a browser. */
  readonly withoutApp?: true;
  run(context: BenchContext): Promise<CaseOutcome>;
  /** With `--trace`: where the time goes, hop by hop, in the place of the figures. */
  trace?(context: BenchContext): Promise<CaseOutcome>;
}
