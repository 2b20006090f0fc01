/**
 * A bridge for tests: every command that a test did not give an answer for fails the test by its name. What goes in and
 * what comes out is cloned as between Electron's worlds: a reactive object throws here too.
 */
import type { Bridge } from '#contract/ipc/channels.ts';
import type { PushBatch, PushEvent } from '#contract/ipc/push.ts';
import type { ChatView, SessionView, SettingsView, Snapshot, UserView } from '#contract/ipc/views.ts';

type Domains = Exclude<keyof Bridge, 'onPush'>;
export type Answers = { [D in Domains]?: Partial<Bridge[D]> };

export interface BridgeDouble {
  push(...events: PushEvent[]): void;
  /** As it comes, numbers and all. */
  batch(batch: PushBatch): void;
  listeners(): number;
}

const DOMAINS: readonly Domains[] = ['app', 'session', 'settings', 'users', 'chats', 'messages', 'search'];

/** Puts a bridge with these answers on the window; `seq` numbers what `push` tells. */
export function installBridge(answers: Answers, seq = 0): BridgeDouble {
  const listeners = new Set<(batch: PushBatch) => void>();
  let last = seq;
  const domains = Object.fromEntries(
    DOMAINS.map((domain) => [
      domain,
      new Proxy(answers[domain] ?? {}, {
        get(target, method) {
          const answer = Reflect.get(target, method) as ((input: unknown) => Promise<unknown>) | undefined;
          if (answer === undefined) throw new Error(`the test gave no answer for ${domain}.${String(method)}`);
          return (input: unknown) => {
            const given = structuredClone(input);
            return answer(given).then((result) => structuredClone(result));
          };
        },
      }),
    ]),
  );
  Object.defineProperty(window, 'relay', {
    configurable: true,
    value: {
      ...domains,
      onPush(listener: (batch: PushBatch) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  const batch = (next: PushBatch): void => {
    for (const listener of listeners) listener(structuredClone(next));
  };
  return {
    batch,
    push(...events) {
      last += events.length;
      batch({ seq: last, events });
    },
    listeners: () => listeners.size,
  };
}

/** A promise that the test settles. */
export function deferred<T>(): { promise: Promise<T>; resolve(value: T): void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, resolve };
}

export function userView(id: string, more: Partial<UserView> = {}): UserView {
  return {
    id,
    username: id,
    name: id,
    firstName: id,
    lastName: '',
    bio: '',
    online: null,
    lastSeenAt: null,
    ...more,
  };
}

export function chatView(id: string, more: Partial<ChatView> = {}): ChatView {
  const peer = userView(`peer-${id}`);
  return {
    id,
    title: peer.name,
    peer,
    participants: [peer],
    last: null,
    activityAt: 0,
    unread: 0,
    markedUnread: false,
    pinned: false,
    archived: false,
    muted: null,
    draft: '',
    draftReplyTo: null,
    waiting: 0,
    failed: 0,
    hasFiles: false,
    hasMusic: false,
    ...more,
  };
}

export const SETTINGS: SettingsView = {
  theme: 'system',
  language: 'en',
  textSize: 'normal',
  sendTyping: true,
  enterSends: true,
  density: 'normal',
  accent: 'indigo',
  chatLight: true,
  moreContrast: false,
  listWidth: null,
  olderMessages: 'usual',
};

export function sessionView(more: Partial<SessionView> = {}): SessionView {
  return {
    status: 'signed_out',
    account: null,
    secretStorage: 'strong',
    tellWeakStorage: false,
    defaultServer: 'https://relay.example.org',
    last: null,
    capabilities: [],
    ...more,
  };
}

export function snapshotView(more: Partial<Snapshot> = {}): Snapshot {
  return {
    seq: 0,
    session: sessionView(),
    connection: { phase: 'live', retryAt: null, reason: null },
    chats: [],
    moreChats: false,
    lastChatId: null,
    unread: { messages: 0, chats: 0 },
    settings: SETTINGS,
    platform: 'linux',
    version: '0.1.0',
    systemLocale: 'en-GB',
    ...more,
  };
}
