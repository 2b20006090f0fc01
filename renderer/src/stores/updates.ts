/** The update of the program, as main sees it. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { AppEvent } from '#contract/ipc/push.ts';
import type { UpdateView } from '#contract/ipc/update-views.ts';
import type { Result } from '#contract/model/errors.ts';
import { ask } from './bridge-call.ts';

export const useUpdatesStore = defineStore('updates', () => {
  /** Null until it was read. */
  const view = shallowRef<UpdateView | null>(null);

  function apply(event: AppEvent): void {
    if (event.kind === 'update') view.value = event.update;
  }

  async function taking(answer: Promise<Result<UpdateView>>): Promise<Result<UpdateView>> {
    const result = await answer;
    if (result.ok) view.value = result.value;
    return result;
  }

  return {
    view,
    apply,
    read: () => taking(ask((bridge) => bridge.updates.read({}))),
    check: () => taking(ask((bridge) => bridge.updates.check({}))),
    /** Main quits, and starts again. */
    restart: () => ask((bridge) => bridge.updates.restart({})),
  };
});
