/**
 * The page's own startup: `loading` until the first snapshot is in the stores, `failed` with a reason if none arrived.
 */
import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ErrorCode, Result } from '#contract/model/errors.ts';
import { ask } from './bridge-call.ts';
import { painted } from './painted.ts';

export const useBootStore = defineStore('boot', () => {
  const phase = ref<'loading' | 'ready' | 'failed'>('loading');
  const code = ref<ErrorCode>('internal');
  let shown = false;
  let start: (() => Promise<Result<unknown>>) | null = null;

  /** Runs the startup, and remembers it for a retry. */
  async function run(job: () => Promise<Result<unknown>>): Promise<void> {
    start = job;
    phase.value = 'loading';
    const result = await job();
    if (!result.ok) code.value = result.error.code;
    phase.value = result.ok ? 'ready' : 'failed';
  }

  /** Notifies main, once, when the first screen has been painted. */
  async function tellShown(): Promise<void> {
    if (shown) return;
    shown = true;
    await painted();
    // A failure does not matter: main stops waiting by itself.
    await ask((bridge) => bridge.app.shown({}));
  }

  return { phase, code, run, tellShown, retry: () => (start ? run(start) : Promise.resolve()) };
});
