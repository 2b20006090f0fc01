/** What an account is made of, besides its own services. */
import type { SettingsView } from '#contract/ipc/views.ts';
import type { SharedCalls } from '../calls/call-line.ts';
import type { SharedFiles } from '../files/account-files.ts';
import type { OutboxFailpoint } from '../outbox/outbox.ts';
import type { AccountSink, Clock, Logger, Random } from '../ports.ts';
import type { StoreSnapshot } from '../store/ops/chat-operations.ts';

/** Named moments at which a test may end the program. */
export type Failpoint =
  OutboxFailpoint | 'events-applied' | 'chats-applied' | 'history-applied' | 'enqueue-asked' | 'enqueue-committed';

export interface AccountOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  push: AccountSink;
  userDataDir: string;
  workerUrl: URL;
  /** Resolves when an earlier instance on the same files has closed. */
  after: Promise<unknown>;
  settleMs: number;
  useFts: boolean;
  onBattery: () => boolean;
  files: SharedFiles;
  calls: SharedCalls;
  settings: () => Pick<SettingsView, 'olderMessages' | 'sendTyping' | 'language'>;
  /** The system's language, a BCP 47 tag. */
  systemLocale: string;
  onFailpoint: (failpoint: Failpoint) => void;
  /** Receives each chat's unread count at the beginning: anything above it is new. */
  onCounts: (counts: StoreSnapshot['counts']) => void;
}
