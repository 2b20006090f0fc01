/** The user's settings. A change applies immediately and is rolled back if it could not be saved. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { AppEvent } from '#contract/ipc/push.ts';
import type { SettingsView } from '#contract/ipc/views.ts';
import { CALL_DEFAULTS } from '#contract/ipc/call-defaults.ts';
import { DESKTOP_DEFAULTS } from '#contract/ipc/desktop-defaults.ts';
import type { Result } from '#contract/model/errors.ts';
import { ask } from './bridge-call.ts';

export const useSettingsStore = defineStore('settings', () => {
  const settings = shallowRef<SettingsView>({
    theme: 'system',
    language: 'system',
    textSize: 'normal',
    sendTyping: true,
    enterSends: true,
    density: 'normal',
    accent: 'indigo',
    chatLight: true,
    moreContrast: false,
    listWidth: null,
    olderMessages: 'usual',
    callDevices: { microphone: null, camera: null, speaker: null },
    ...CALL_DEFAULTS,
    ...DESKTOP_DEFAULTS,
  });
  /** Counts updates: only the response to the latest one counts. */
  let latest = 0;

  function apply(event: AppEvent): void {
    if (event.kind === 'settings') settings.value = event.settings;
  }

  async function update(patch: ChannelInput<'settings.update'>): Promise<Result<SettingsView>> {
    const before = settings.value;
    const turn = (latest += 1);
    settings.value = { ...before, ...patch };
    const result = await ask((bridge) => bridge.settings.update({ ...patch }));
    if (turn === latest) settings.value = result.ok ? result.value : before;
    return result;
  }

  return { settings, apply, update };
});
