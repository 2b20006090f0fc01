/** The desktop around the window: what it offers, diagnostics, and what main tells of it without being asked. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { DesktopFacts, Diagnostics, LinkView } from '#contract/ipc/desktop-views.ts';
import type { AppEvent } from '#contract/ipc/push.ts';
import type { Result } from '#contract/model/errors.ts';
import type { Pause } from '#contract/model/quiet.ts';
import { ask } from './bridge-call.ts';

type Told = Extract<AppEvent, { kind: 'told' }>['what'];

export const useDesktopStore = defineStore('desktop', () => {
  /** Null until they were read. */
  const facts = shallowRef<DesktopFacts | null>(null);
  const diagnostics = shallowRef<Diagnostics | null>(null);
  /** A link from outside that waits for the user's agreement. */
  const link = shallowRef<LinkView | null>(null);
  /** What has not been turned into text yet. */
  const told = shallowRef<readonly Told[]>([]);

  function apply(event: AppEvent): void {
    if (event.kind === 'link') link.value = event.link;
    else if (event.kind === 'told') told.value = [...told.value, event.what];
  }

  async function takeFacts(request: Promise<Result<DesktopFacts>>): Promise<Result<DesktopFacts>> {
    const result = await request;
    if (result.ok) facts.value = result.value;
    return result;
  }

  return {
    facts,
    diagnostics,
    link,
    told,
    apply,
    takeTold(): readonly Told[] {
      const taken = told.value;
      if (taken.length > 0) told.value = [];
      return taken;
    },
    read: () => takeFacts(ask((bridge) => bridge.desktop.facts({}))),
    setAutostart: (on: boolean) => takeFacts(ask((bridge) => bridge.desktop.setAutostart({ on }))),
    pause: (pause: Pause | null) => ask((bridge) => bridge.desktop.pause({ pause })),
    tryNotification: () => ask((bridge) => bridge.desktop.tryNotification({})),
    showMenu: (place: { x: number; y: number }) => ask((bridge) => bridge.desktop.showMenu(place)),
    showLog: () => ask((bridge) => bridge.desktop.showLog({})),
    async diagnose(): Promise<Result<Diagnostics>> {
      const result = await ask((bridge) => bridge.desktop.diagnose({}));
      if (result.ok) diagnostics.value = result.value;
      return result;
    },
  };
});
