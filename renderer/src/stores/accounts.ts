/** Who is signed in, where, and the commands that change it. The token itself never comes here. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { PushEvent } from '#contract/ipc/push.ts';
import type { SessionView } from '#contract/ipc/views.ts';
import { ask } from './bridge-call.ts';

export const useSessionStore = defineStore('session', () => {
  const session = shallowRef<SessionView | null>(null);

  const status = computed(() => session.value?.status ?? 'signed_out');
  const account = computed(() => session.value?.account ?? null);
  const me = computed(() => account.value?.user ?? null);

  function apply(event: PushEvent): void {
    if (event.kind === 'session') session.value = event.session;
  }

  return {
    session,
    status,
    account,
    me,
    apply,
    /** What the server at an address is, before anybody signs in. */
    probe: (server: string) => ask((bridge) => bridge.session.probe({ server })),
    register: (input: ChannelInput<'session.register'>) => ask((bridge) => bridge.session.register({ ...input })),
    login: (input: ChannelInput<'session.login'>) => ask((bridge) => bridge.session.login({ ...input })),
    /** `forget`: also what is stored on this computer for the account. */
    logout: (forget: boolean) => ask((bridge) => bridge.session.logout({ forget })),
    keepWeakly: (keep: boolean) => ask((bridge) => bridge.session.keepWeakly({ keep })),
    has: (capability: string) => session.value?.capabilities.includes(capability) ?? false,
  };
});
