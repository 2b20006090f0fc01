/** What is refused, and what is veiled, while the application is locked. */
import type { Snapshot } from '#contract/ipc/views.ts';
import type { ChannelName } from '#contract/ipc/channels.ts';
import type { PushEvent } from '#contract/ipc/push.ts';
import type { CallView } from '#contract/ipc/call-views.ts';

/** The commands that a locked page may send: those of the lock screen, and the menu of its title bar. */
const OPEN: ReadonlySet<ChannelName> = new Set<ChannelName>([
  'app.ready',
  'app.shown',
  'lock.unlock',
  'lock.forgot',
  'desktop.showMenu',
]);

/** True for a command that is answered while locked. */
export function isOpenWhileLocked(name: ChannelName): boolean {
  return OPEN.has(name);
}

/** True for an event that a locked page may hear: nothing of an account. */
export function isToldWhileLocked(push: PushEvent): boolean {
  return 'kind' in push && (push.kind === 'lock' || push.kind === 'settings');
}

/** The snapshot without anything of the accounts. */
export function lockedSnapshot(whole: Omit<Snapshot, 'seq'>): Omit<Snapshot, 'seq'> {
  const { secretStorage } = whole.accounts;
  return {
    ...whole,
    accounts: { open: [], current: null, secretStorage, tellWeakStorage: false, defaultServer: '', last: null },
    states: [],
    unread: { messages: 0, chats: 0 },
  };
}

/** A call without its person. */
export function veiledCall(call: CallView, name: string): CallView {
  return { ...call, peer: { ...call.peer, name, avatarUrl: null } };
}
