/**
 * A bridge for tests: every command that a test did not give an answer for fails the test by its name. What goes in and
 * what comes out is cloned as between Electron's worlds: a reactive object throws here too.
 */
import { CALL_DEFAULTS } from '#contract/ipc/call-defaults.ts';
import { DESKTOP_DEFAULTS } from '#contract/ipc/desktop-defaults.ts';
import type { Bridge } from '#contract/ipc/channels.ts';
import type { PushBatch, PushEvent } from '#contract/ipc/push.ts';
import type { AttachmentView, UploadView } from '#contract/ipc/file-views.ts';
import type {
  AccountSnapshot,
  AccountsView,
  AccountView,
  ChatView,
  SettingsView,
  Snapshot,
  UserView,
} from '#contract/ipc/views.ts';
import { ACCOUNT_ID } from '../../../renderer/src/stores/account/account-store.ts';

type Domains = Exclude<keyof Bridge, 'onPush' | 'stageFiles'>;
export type Answers = { [D in Domains]?: Partial<Bridge[D]> } & Partial<Pick<Bridge, 'stageFiles'>>;

export interface BridgeDouble {
  push(...events: PushEvent[]): void;
  /** As it comes, numbers and all. */
  batch(batch: PushBatch): void;
  listeners(): number;
}

const DOMAINS: readonly Domains[] = [
  ...(['app', 'accounts', 'settings', 'users', 'chats', 'messages', 'search', 'files'] as const),
  ...([
    'music',
    'player',
    'storage',
    'calls',
    'admin',
    'desktop',
    'exports',
    'later',
    'lock',
    'notes',
    'updates',
  ] as const),
];

/** Puts a bridge with these answers on the window; `seq` numbers what `push` tells. */
export function installBridge(answers: Answers, seq = 0): BridgeDouble {
  const listeners = new Set<(batch: PushBatch) => void>();
  let last = seq;
  // Asked by every list of chats that arrives.
  const given: Answers = { ...answers, later: { list: async () => ({ ok: true, value: [] }), ...answers.later } };
  const domains = Object.fromEntries(
    DOMAINS.map((domain) => [
      domain,
      new Proxy(given[domain] ?? {}, {
        get(target, method) {
          const answer = Reflect.get(target, method) as ((input: unknown) => Promise<unknown>) | undefined;
          if (answer === undefined) throw new Error(`the test gave no answer for ${domain}.${String(method)}`);
          return (input: unknown) => {
            const sent = structuredClone(input);
            return answer(sent).then((result) => structuredClone(result));
          };
        },
      }),
    ]),
  );
  Object.defineProperty(window, 'relay', {
    configurable: true,
    value: {
      ...domains,
      stageFiles:
        answers.stageFiles ??
        (() => {
          throw new Error('the test gave no answer for stageFiles');
        }),
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
    avatarUrl: null,
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

export function uploadView(id: string, more: Partial<UploadView> = {}): UploadView {
  return {
    id,
    revision: 1,
    chatId: 'chat',
    messageKey: null,
    name: `${id}.pdf`,
    mimeType: 'application/pdf',
    kind: 'document',
    size: 1000,
    width: null,
    height: null,
    duration: null,
    voice: false,
    previewUrl: null,
    state: 'waiting',
    sent: 0,
    problem: null,
    retryAt: null,
    reduced: false,
    canReduce: false,
    tagged: false,
    keepTags: false,
    ...more,
  };
}

/** A file of a message that was sent: a document unless said otherwise. */
export function attachmentView(id: string, more: Partial<AttachmentView> = {}): AttachmentView {
  return {
    id,
    uploadId: null,
    name: `${id}.pdf`,
    mimeType: 'application/pdf',
    kind: 'document',
    size: 1000,
    width: null,
    height: null,
    duration: null,
    voice: false,
    url: `/media/f${id}`,
    thumbUrl: null,
    previewUrl: null,
    thumbhash: null,
    peaks: null,
    state: 'remote',
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
  callDevices: { microphone: null, camera: null, speaker: null },
  ...CALL_DEFAULTS,
  ...DESKTOP_DEFAULTS,
};

/** The account that most tests are about, and what a part of its screens is mounted with. */
export const ACCOUNT = 'https://relay.example.org me';
export const OF_ACCOUNT = { [ACCOUNT_ID as symbol]: ACCOUNT };

export function accountView(id = ACCOUNT, more: Partial<AccountView> = {}): AccountView {
  const [server = '', userId = ''] = id.split(' ');
  return { id, server, user: userView(userId), status: 'signed_in', capabilities: [], ...more };
}

/** These accounts are open, the first one is looked at. */
export function accountsView(open: AccountView[] = [], more: Partial<AccountsView> = {}): AccountsView {
  return {
    open,
    current: open[0]?.id ?? null,
    secretStorage: 'strong',
    tellWeakStorage: false,
    defaultServer: 'https://relay.example.org',
    last: null,
    ...more,
  };
}

export function accountSnapshot(accountId = ACCOUNT, more: Partial<AccountSnapshot> = {}): AccountSnapshot {
  return {
    accountId,
    connection: { phase: 'live', retryAt: null, reason: null },
    chats: [],
    moreChats: false,
    lastChatId: null,
    unread: { messages: 0, chats: 0 },
    call: null,
    ...more,
  };
}

export function snapshotView(more: Partial<Snapshot> = {}): Snapshot {
  return {
    seq: 0,
    accounts: accountsView([accountView()]),
    states: [accountSnapshot()],
    unread: { messages: 0, chats: 0 },
    settings: SETTINGS,
    platform: 'linux',
    version: '0.1.0',
    systemLocale: 'en-GB',
    ...more,
  };
}
