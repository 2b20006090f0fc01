/** The lock in front of everything. Main decides; the PIN passes through here and is not kept. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { LockView } from '#contract/ipc/lock-views.ts';
import type { AppEvent } from '#contract/ipc/push.ts';
import type { Result } from '#contract/model/errors.ts';
import { ask } from './bridge-call.ts';

export const useLockStore = defineStore('lock', () => {
  const view = shallowRef<LockView | null>(null);

  /** A page that was locked stays so: main loads another one when it is open. */
  const locked = ref(false);

  function apply(event: AppEvent): void {
    if (event.kind !== 'lock') return;
    view.value = event.lock;
    locked.value ||= event.lock.locked;
  }

  async function taking(answer: Promise<Result<LockView>>): Promise<Result<LockView>> {
    const result = await answer;
    if (result.ok) view.value = result.value;
    return result;
  }

  return {
    view,
    /** Main gives this page nothing but the lock screen. */
    locked,
    enabled: computed(() => view.value?.enabled ?? false),
    apply,
    set: (pin: string, current: string | null) => taking(ask((bridge) => bridge.lock.set({ pin, current }))),
    off: (pin: string) => taking(ask((bridge) => bridge.lock.off({ pin }))),
    setIdle: (minutes: number | null) => taking(ask((bridge) => bridge.lock.setIdle({ minutes }))),
    /** Main loads the page again. */
    lockNow: () => ask((bridge) => bridge.lock.now({})),
    unlock: (pin: string) => ask((bridge) => bridge.lock.unlock({ pin })),
    forgot: () => ask((bridge) => bridge.lock.forgot({})),
  };
});
