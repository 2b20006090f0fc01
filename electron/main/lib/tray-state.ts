/** What the tray shows beside calls and the player. Plain data. */

export interface TrayChat {
  accountId: string;
  chatId: string;
  title: string;
  unread: number;
}

/** Of all accounts together: the best news is shown only if it holds for all. */
export type TrayStatus = 'signed_out' | 'online' | 'connecting' | 'offline';

export interface TrayState {
  status: TrayStatus;
  /** Chats with unread messages that are not muted, the latest first; the most that a menu has room for. */
  chats: TrayChat[];
  /** Something is unread in chats that are muted, which no count tells. */
  mutedUnread: boolean;
  /** Do not disturb until then, in milliseconds since the epoch; null: not paused. */
  pausedUntil: number | null;
}
