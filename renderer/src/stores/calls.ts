/**
 * The calls of all accounts. Main owns their states; here is which one runs and which one rings, and the media of the one
 * that runs. The media are loaded with the first call.
 */
import { defineStore } from 'pinia';
import { computed, shallowReactive, shallowRef, watch } from 'vue';
import type { CALL_COMMANDS, CallEnd, CallSignalView, CallView } from '#contract/ipc/call-views.ts';
import type { CallDevices } from '#contract/ipc/views.ts';
import type { AccountEvent, AppEvent } from '#contract/ipc/push.ts';
import { type ErrorCode, type Result } from '#contract/model/errors.ts';
import type { Ring } from '../engines/ring.ts';
import { askAs } from './account/account-bridge.ts';
import { ask } from './bridge-call.ts';
import { tellMusic } from './call-music.ts';
import type { Recap } from './call-log.ts';
import type { CallSession, createCallSession as createSession } from './call-session.ts';
import { useSettingsStore } from './settings.ts';

/** A call and whose it is. */
export interface OwnCall {
  readonly accountId: string;
  readonly call: CallView;
}

/** A call that was talked in, with what was noted of it; null: nothing was. */
export interface EndedCall extends OwnCall {
  readonly log: Recap | null;
}

/** What the lobby asks: a video call is looked at before it is made. */
export interface CallWish {
  readonly accountId: string;
  readonly chatId: string;
  readonly name: string;
}

/** No call goes back to an earlier state. */
const ORDER: Readonly<Record<CallView['state'], number>> = { starting: 0, ringing: 1, active: 2, ended: 3 };
/** Signals kept for a call whose media are still being loaded. */
const MOST_EARLY = 512;
/** Finished calls that are remembered, so that a late event does not bring one back. */
const MOST_FINISHED = 64;

export const useCallsStore = defineStore('calls', () => {
  /** By key: those that ring or run. */
  const calls = shallowReactive(new Map<string, OwnCall>());
  const session = shallowRef<CallSession | null>(null);
  /** The last call that ended, until its words were shown. */
  const ended = shallowRef<OwnCall | null>(null);
  /** What is shown of the last call that was talked in, until it is put away. */
  const recap = shallowRef<EndedCall | null>(null);
  /** A video call that is being prepared. */
  const lobby = shallowRef<CallWish | null>(null);
  /** Rings that the user has put aside. */
  const aside = shallowReactive(new Set<string>());
  /** A request to show the running call. */
  const showWishes = shallowRef(0);
  /** A request to choose what is shared. */
  const shareWish = shallowRef(false);
  const settings = useSettingsStore();
  const finished = new Set<string>();
  /** Running calls that this page was not in, because it has just been loaded. */
  const comingBack = new Set<string>();
  const early = new Map<string, CallSignalView[]>();
  let sessionKey: string | null = null;
  /** What is prepared while a call rings: its connection, without any device. */
  let prepared: { readonly key: string; readonly session: CallSession } | null = null;
  let ring: Ring | null = null;
  /** Of the media that ran last. */
  let lastLog: Recap | null = null;

  /** The one that this side takes part in: made here, or accepted here. */
  const current = computed<OwnCall | null>(
    () => [...calls.values()].find(({ call }) => call.state === 'active' || !call.incoming) ?? null,
  );
  /** Those that ring here and wait for an answer. */
  const ringing = computed<OwnCall[]>(() =>
    [...calls.values()].filter(({ call }) => call.incoming && call.state !== 'active'),
  );

  /** Something of a call is to be shown. */
  const concerns = computed(
    () => calls.size > 0 || lobby.value !== null || ended.value !== null || recap.value !== null,
  );

  const kept = (): CallDevices => settings.settings.callDevices;
  // When they cannot be stored, they hold until the app ends.
  const keep = (callDevices: CallDevices): void => void settings.update({ callDevices });

  function put(accountId: string, call: CallView): void {
    if (finished.has(call.key)) return;
    const known = calls.get(call.key)?.call.state;
    // An answer may overtake the events before it.
    if (known !== undefined && ORDER[call.state] < ORDER[known]) return;
    if (call.state !== 'ended') {
      // One looks at a call that is over until the next one.
      recap.value = null;
      calls.set(call.key, { accountId, call });
      return;
    }
    finished.add(call.key);
    for (const oldest of [...finished].slice(0, Math.max(0, finished.size - MOST_FINISHED))) finished.delete(oldest);
    calls.delete(call.key);
    aside.delete(call.key);
    early.delete(call.key);
    ended.value = { accountId, call };
    recap.value = call.duration === null ? null : { accountId, call, log: lastLog };
    ring?.end();
  }

  /** Applies main's push events of an account. */
  const applyOf =
    (accountId: string) =>
    (event: AccountEvent): void => {
      switch (event.kind) {
        case 'call':
          return put(accountId, event.call);
        case 'call:signal':
          return onSignal(event.key, event.signal);
        case 'call:network':
          if (event.key === sessionKey) session.value?.network();
          return;
        case 'call:mini':
          if (event.key === sessionKey) session.value?.showSmall(event.open);
          return;
        case 'call:command':
          if (event.key === current.value?.call.key) onCommand(event.command);
          return;
        default:
          return;
      }
    };

  function onSignal(key: string, signal: CallSignalView): void {
    if (finished.has(key)) return;
    if (key === sessionKey && session.value) return session.value.receive(signal);
    const waiting = early.get(key) ?? [];
    if (waiting.length < MOST_EARLY) early.set(key, [...waiting, signal]);
  }

  function onCommand(command: (typeof CALL_COMMANDS)[number]): void {
    const media = session.value?.media;
    switch (command) {
      case 'toggle_microphone':
        return session.value?.mute(!media?.muted);
      case 'toggle_camera':
        return void session.value?.setCamera(!media?.camera);
      case 'toggle_share':
        if (media?.sharing) return void session.value?.share(null);
        // What is shared is chosen on the call's screen.
        shareWish.value = true;
        showWishes.value += 1;
        return;
      case 'toggle_together':
        return session.value?.together.toggle();
      case 'hang_up':
        return void hangUp();
      case 'show':
        showWishes.value += 1;
    }
  }

  function sessionOf(key: string, own: OwnCall, createCallSession: typeof createSession): CallSession {
    const askOwn = askAs(own.accountId);
    return createCallSession(own.call, comingBack.delete(key), {
      accountId: own.accountId,
      // Main repeats a signal that did not arrive.
      signal: (signal) => void askOwn((bridge) => bridge.calls.signal({ key, signal })),
      async iceServers() {
        const answer = await askOwn((bridge) => bridge.calls.iceServers({}));
        // Without a list the two sides may still see each other directly.
        return answer.ok ? answer.value : [];
      },
      kept,
      keep,
      volumes: settings.settings.callVolumes,
      keepVolumes: (callVolumes) => void settings.update({ callVolumes }),
      relayOnly: settings.settings.callRelayOnly,
      smallPicture: (jpeg) => ask((bridge) => bridge.mini.picture({ key, jpeg })),
      media: (state) => void askOwn((bridge) => bridge.calls.media({ key, ...state })),
      gaveUp: () => void end(own.accountId, key, 'failed'),
    });
  }

  /** Starts, follows and ends the media with the current call. */
  async function followMedia(shown: OwnCall | null): Promise<void> {
    // Before the server has taken it, it may still turn out that the other side is calling too, and that this side answers.
    const own = shown?.call.state === 'starting' ? null : shown;
    const key = own?.call.key ?? null;
    if (key === sessionKey) {
      if (own) session.value?.follow(own.call);
      return;
    }
    sessionKey = key;
    lastLog = session.value?.log.recap() ?? null;
    session.value?.close();
    session.value = null;
    if (!own || key === null) return;
    const ready = takePrepared(key);
    if (ready) {
      session.value = ready;
      ready.follow(own.call);
    } else {
      const { createCallSession } = await import('./call-session.ts');
      const now = calls.get(key);
      if (sessionKey !== key || !now) return;
      session.value = sessionOf(key, now, createCallSession);
    }
    for (const signal of early.get(key) ?? []) session.value.receive(signal);
    early.delete(key);
  }

  /** What was prepared for this call; null when nothing was, or the user has changed their mind about their address. */
  function takePrepared(key: string): CallSession | null {
    if (prepared?.key !== key) return null;
    const { session: ready } = prepared;
    prepared = null;
    if (ready.media.relayOnly === settings.settings.callRelayOnly) return ready;
    ready.close();
    return null;
  }

  /** It could not be accepted: its devices are free again; if it still rings, it is prepared anew. */
  function dropPrepared(key: string): void {
    if (prepared?.key !== key) return;
    prepared.session.close();
    prepared = null;
    void followRing();
  }

  /** Prepares the call that rings, as long as it does. */
  async function followRing(): Promise<void> {
    const wanted = (): string | null => (current.value ? null : (ringing.value[0]?.call.key ?? null));
    const key = wanted();
    if (prepared && prepared.key !== key) {
      prepared.session.close();
      prepared = null;
    }
    if (key === null || prepared) return;
    const { createCallSession } = await import('./call-session.ts');
    const own = calls.get(key);
    if (wanted() === key && !prepared && own) prepared = { key, session: sessionOf(key, own, createCallSession) };
  }

  // At once: the devices are free with the event that ends a call.
  watch(
    [current, ringing],
    ([own]) => {
      void followMedia(own);
      void followRing();
    },
    { flush: 'sync' },
  );
  const sound = computed(() => {
    if (current.value) return !current.value.call.incoming && current.value.call.state !== 'active' ? 'outgoing' : null;
    return ringing.value.some(({ call }) => !aside.has(call.key)) ? 'incoming' : null;
  });
  watch(sound, async (wanted) => {
    if (!ring && wanted === null) return;
    const { createRing } = await import('../engines/ring.ts');
    ring ??= createRing();
    ring.play(sound.value);
  });
  watch(
    () => [ringing.value.length > 0, current.value !== null] as const,
    ([rings, runs]) => tellMusic(rings, runs),
  );

  async function start(accountId: string, chatId: string, type: CallView['type']): Promise<ErrorCode | null> {
    if (current.value) {
      showWishes.value += 1;
      return current.value.call.chatId === chatId && current.value.accountId === accountId ? null : 'call_busy';
    }
    const answer = await askAs(accountId)((bridge) => bridge.calls.start({ chatId, type }));
    if (!answer.ok) return answer.error.code;
    put(accountId, answer.value);
    return null;
  }

  async function accept({ accountId, call }: OwnCall, withVideo: boolean): Promise<ErrorCode | null> {
    const running = current.value;
    if (running && running.call.key !== call.key) await end(running.accountId, running.call.key, 'hung_up');
    // The devices open while the server is being told.
    if (prepared?.key === call.key) prepared.session.begin(withVideo);
    const answer = await askAs(accountId)((bridge) => bridge.calls.accept({ key: call.key, withVideo }));
    if (!answer.ok) {
      dropPrepared(call.key);
      return answer.error.code;
    }
    put(accountId, answer.value);
    return null;
  }

  /** Ends a call here at once, whatever main answers: the devices must not stay on. */
  async function end(accountId: string, key: string, reason: CallEnd): Promise<Result<null>> {
    if (key === sessionKey) session.value?.close();
    return askAs(accountId)((bridge) => bridge.calls.end({ key, reason }));
  }

  async function hangUp(): Promise<ErrorCode | null> {
    const own = current.value;
    if (!own) return null;
    const answer = await end(own.accountId, own.call.key, own.call.state === 'active' ? 'hung_up' : 'cancelled');
    if (answer.ok) return null;
    // Main does not know it any more, or cannot be reached: here it is over.
    put(own.accountId, { ...own.call, state: 'ended', end: 'failed', duration: null });
    return answer.error.code;
  }

  /** Nothing of a closed account rings or runs any longer. */
  function apply(event: AppEvent): void {
    if (event.kind !== 'accounts') return;
    const open = new Set(event.accounts.open.map(({ id }) => id));
    for (const [key, { accountId }] of calls) if (!open.has(accountId)) calls.delete(key);
  }

  return {
    calls,
    current,
    ringing,
    concerns,
    session,
    ended,
    lobby,
    aside,
    /** The devices used last, and how others are kept for the next call. */
    kept,
    keep,
    showWishes,
    shareWish,
    /** True once per request. */
    takeShareWish(): boolean {
      const wished = shareWish.value;
      shareWish.value = false;
      return wished;
    },
    recap,
    putRecapAway: () => void (recap.value = null),
    openMini: () => ask((bridge) => bridge.mini.open({})),
    apply,
    applyOf,
    start,
    accept,
    hangUp,
    decline: ({ accountId, call }: OwnCall): Promise<Result<null>> =>
      askAs(accountId)((bridge) => bridge.calls.decline({ key: call.key })),
    /** The call of an account's snapshot; a call that is not in it any more has ended while nobody listened. */
    restore(accountId: string, call: CallView | null): void {
      for (const [key, own] of calls) if (own.accountId === accountId && key !== call?.key) calls.delete(key);
      if (call?.state === 'active' && !calls.has(call.key)) comingBack.add(call.key);
      if (call) put(accountId, call);
    },
    /** Silences a ring and closes its dialog; it goes on in the bar. */
    putAside: (key: string) => void aside.add(key),
    show: () => (showWishes.value += 1),
    takeEnded: (): OwnCall | null => {
      const taken = ended.value;
      ended.value = null;
      return taken;
    },
    /** The screens that can be shared. */
    screens: () => ask((bridge) => bridge.calls.screens({})),
    chooseScreen: (id: string | null, withSound: boolean): Promise<Result<null>> =>
      ask((bridge) => bridge.calls.chooseScreen({ id, sound: withSound })),
    history: (accountId: string, before: number | null, limit: number) =>
      askAs(accountId)((bridge) => bridge.calls.history({ before, limit })),
  };
});
