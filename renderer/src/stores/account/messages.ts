/**
 * The messages on the screen: one window per chat, filled from main's local store, extended at its ends, and kept up to
 * date by main's push events. Pages come from the local store at once; only where that has a gap (`gap`) is the network
 * used, and the screen indicates that.
 */
import { onScopeDispose, shallowReactive } from 'vue';
import type { PageAnchor } from '#contract/ipc/schemas.ts';
import type { AccountEvent, AccountEventOf } from '#contract/ipc/push.ts';
import type { MessagePage, MessageView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { createThrottle } from '../throttle.ts';
import { askAs } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';
import { useAccountStore } from './account.ts';
import { useConversationsStore } from './conversations.ts';
import { IDLE, UNREAD_CHAT, type ChatMessages, type OpenTarget } from './messages/chat-state.ts';
import { findMessage, joinPage, mergePush, trimWindow, windowOf, type MessageWindow } from './messages/window.ts';

/** Rows per page: several screens, loaded within a few milliseconds. */
const PAGE = 80;
/** Rows reloaded around the reader. */
const RELOAD = 200;
/** Windows of other chats to keep while one is open. */
const KEPT_CHATS = 12;

/** Minimum rows merged per frame, and the number of frames by which a waiting row is (nearly) certain to be merged. */
const ROWS_PER_FRAME = 8;
const MOST_FRAMES = 16;

type Side = 'older' | 'newer';

const ANCHORS: Record<'latest' | 'unread', PageAnchor> = { latest: { at: 'latest' }, unread: { at: 'unread' } };

function anchorOf(target: OpenTarget): PageAnchor {
  if (target.at === 'message') return { at: 'around', key: target.messageId };
  if (target.at === 'place') return { at: 'around', key: target.key };
  return target.at === 'date' ? target : ANCHORS[target.at];
}

export const useMessagesStore = defineAccountStore('messages', (accountId) => {
  const ask = askAs(accountId);
  const account = useAccountStore(accountId);
  /** The reading positions, which trims and reloads keep in the window. */
  const { places } = useConversationsStore(accountId);
  const chats = shallowReactive(new Map<string, ChatMessages>());
  /** Pushes received while a page was loading: the page may be older than they are. */
  const missed = new Map<string, Set<AccountEventOf<'messages'>[]>>();

  /** Counts window replacements over all chats, to detect outdated responses. */
  let replaced = 0;
  /** The chat on the screen. */
  let current: string | null = null;
  /** Whether the user is looking at it. */
  let looking = true;

  const state = (chatId: string): ChatMessages => chats.get(chatId) ?? UNREAD_CHAT;
  const patch = (chatId: string, change: Partial<ChatMessages>): void => {
    chats.set(chatId, { ...state(chatId), ...change });
  };
  const readerKey = (chatId: string): string | null => {
    const place = places.get(chatId);
    return place?.at === 'row' ? place.near : null;
  };

  /** Loads a page; returns it together with the pushes it may have missed. */
  async function askPage(
    chatId: string,
    request: () => Promise<Result<MessagePage>>,
  ): Promise<Result<{ page: MessagePage; pushes: AccountEventOf<'messages'>[] }>> {
    // Later pushes are returned with the page.
    if (chatId === current) admitAll();
    const pushes: AccountEventOf<'messages'>[] = [];
    const waiting = missed.get(chatId) ?? new Set();
    missed.set(chatId, waiting.add(pushes));
    const answer = await request();
    waiting.delete(pushes);
    return answer.ok ? ok({ page: answer.value, pushes }) : answer;
  }

  function replay(window: MessageWindow, pushes: readonly AccountEventOf<'messages'>[]): MessageWindow {
    return pushes.reduce((merged, push) => mergePush(merged, push.upserts, push.removed), window);
  }

  /** Drops the windows of the least recently used chats. */
  function forgetOldest(open: string): void {
    for (const chatId of chats.keys()) {
      if (chats.size <= KEPT_CHATS) return;
      if (chatId !== open) chats.delete(chatId);
    }
  }

  async function replace(chatId: string, request: () => Promise<Result<MessagePage>>): Promise<Result<null>> {
    const before = state(chatId);
    const version = (replaced += 1);
    chats.delete(chatId);
    chats.set(chatId, { ...before, phase: 'loading', error: null, version });
    forgetOldest(chatId);
    const answer = await askPage(chatId, request);
    // Superseded by a later request for the same chat.
    if (state(chatId).version !== version) return fail('cancelled', 'another page was asked for');
    if (!answer.ok) {
      patch(chatId, { phase: 'failed', error: answer.error });
      return answer;
    }
    const window = replay(windowOf(answer.value.page), answer.value.pushes);
    patch(chatId, { window, phase: 'ready', error: null, older: IDLE, newer: IDLE });
    return ok(null);
  }

  /** Opens a chat at a target from local data; a message that is not stored locally is fetched from the server. */
  async function open(chatId: string, target: OpenTarget): Promise<Result<null>> {
    const anchor = anchorOf(target);
    return replace(chatId, async () => {
      const page = await ask((bridge) => bridge.messages.page({ chatId, anchor, limit: RELOAD }));
      if (target.at !== 'message') return page;
      const { messageId } = target;
      const here = page.ok && page.value.items.some((item) => item.id === messageId || item.key === messageId);
      return here ? page : ask((bridge) => bridge.messages.fill({ chatId, edge: 'around', key: messageId }));
    });
  }

  /** True when the message is in the window, so that going to it needs no page. */
  function has(chatId: string, messageId: string): boolean {
    const { window } = state(chatId);
    return window !== null && findMessage(window, messageId) >= 0;
  }

  /** Servers without a read command treat a fetch as reading: there, nothing is fetched that the user would not see. */
  function mayFetch(): boolean {
    return looking || (account.has('cursors') && account.has('message-read'));
  }

  /** Sets whether the user is looking at a chat; fetches what was waiting for that. */
  function look(chatId: string, here: boolean): void {
    looking = here;
    if (!here) return;
    const { window } = state(chatId);
    for (const side of ['older', 'newer'] as const) if (window?.[side] === 'gap') void extend(chatId, side);
  }

  /** Extends the window at one end, unless that is the chat's own end, or an attempt is pending or has failed. */
  async function extend(chatId: string, side: Side, again = false): Promise<void> {
    const { window, phase } = state(chatId);
    const edge = state(chatId)[side];
    if (!window || phase !== 'ready' || edge.status === 'loading' || (edge.status === 'failed' && !again)) return;
    const kind = window[side];
    if (kind === 'end' || (kind === 'gap' && !mayFetch())) return;
    const from = (side === 'older' ? window.items[0] : window.items.at(-1))?.key ?? null;
    const { version } = state(chatId);
    patch(chatId, { [side]: { status: 'loading' } });
    const answer = await askPage(chatId, () =>
      ask((bridge) =>
        kind === 'gap' || from === null
          ? bridge.messages.fill({ chatId, edge: side, key: from })
          : bridge.messages.page({
              chatId,
              anchor: { at: side === 'older' ? 'before' : 'after', key: from },
              limit: PAGE,
            }),
      ),
    );
    const now = state(chatId);
    if (now.version !== version || !now.window) return;
    if (!answer.ok) {
      patch(chatId, { [side]: { status: 'failed', error: answer.error } });
      return;
    }
    const { page, pushes } = answer.value;
    // The reader is at the growing side: a full window drops rows at the other.
    const reader = readerKey(chatId) ?? (side === 'older' ? from : null);
    const joined = trimWindow(replay(joinPage(now.window, page, side, from), pushes), reader);
    patch(chatId, { window: joined, [side]: IDLE });
  }

  /** Reloads the window around the reader; remaining rows keep their keys, so nothing moves. */
  async function reload(chatId: string): Promise<void> {
    const { window, version, phase } = state(chatId);
    if (!window || phase !== 'ready') return;
    const key = readerKey(chatId);
    const here = key !== null && findMessage(window, key) >= 0;
    const anchor: PageAnchor = here ? { at: 'around', key } : { at: 'latest' };
    if (!here && window.newer !== 'end') return;
    const answer = await askPage(chatId, () =>
      ask((bridge) => bridge.messages.page({ chatId, anchor, limit: RELOAD })),
    );
    if (!answer.ok || state(chatId).version !== version) return;
    const fresh = replay(windowOf(answer.value.page), answer.value.pushes);
    patch(chatId, { window: { ...fresh, readUpTo: window.readUpTo }, older: IDLE, newer: IDLE });
  }

  function merge(chatId: string, upserts: readonly MessageView[], removed: readonly string[]): void {
    const { window } = state(chatId);
    if (!window) return;
    const merged = mergePush(window, upserts, removed);
    if (merged !== window) patch(chatId, { window: trimWindow(merged, readerKey(chatId)) });
  }

  /** Incoming messages of others in the current chat, a few rows per frame: the page stays responsive in a flood. */
  const arrivals = createThrottle<MessageView>('frame', (waiting) => {
    if (current === null) return;
    const share = Math.max(ROWS_PER_FRAME, Math.ceil(waiting.length / MOST_FRAMES));
    merge(current, waiting.slice(0, share), []);
    arrivals.push(waiting.slice(share));
  });

  /** Moves all waiting rows into the window. */
  function admitAll(): void {
    const waiting = arrivals.drain();
    if (current !== null && waiting.length > 0) merge(current, waiting, []);
  }

  function push(event: AccountEventOf<'messages'>): void {
    for (const pushes of missed.get(event.chatId) ?? []) pushes.push(event);
    const mayWait = event.chatId === current && event.removed.length === 0;
    if (mayWait && event.upserts.every((message) => !message.mine)) arrivals.push(event.upserts);
    else {
      if (event.chatId === current) admitAll();
      merge(event.chatId, event.upserts, event.removed);
    }
  }

  /** Puts a message returned by main into the window at once, without waiting for its push. */
  function take(message: MessageView): void {
    push({ kind: 'messages', chatId: message.chatId, upserts: [message], removed: [] });
  }

  function retryFailed(): void {
    for (const [chatId, chat] of chats) {
      if (chat.older.status === 'failed') void extend(chatId, 'older', true);
      if (chat.newer.status === 'failed') void extend(chatId, 'newer', true);
    }
  }

  /** Releases all loaded messages: this account is in the background. Opening a chat loads it again. */
  function letGo(): void {
    current = null;
    arrivals.drain();
    chats.clear();
  }

  /** Everything was reloaded in main: reloads the current chat in place, the others when they are opened. */
  function reset(): void {
    for (const chatId of chats.keys()) if (chatId !== current) chats.delete(chatId);
    if (current !== null) void reload(current);
  }

  let live = false;

  /** Applies main's push events; ignores other kinds. */
  function apply(event: AccountEvent): void {
    if (event.kind === 'messages') push(event);
    else if (event.kind === 'messages:stale') void reload(event.chatId);
    else if (event.kind === 'chats:reset') reset();
    else if (event.kind === 'connection') {
      const before = live;
      live = event.connection.phase === 'live';
      if (live && !before) retryFailed();
    }
  }

  /** Sets the chat on the screen; null when there is none. */
  function show(chatId: string | null): void {
    admitAll();
    current = chatId;
  }

  onScopeDispose(() => arrivals.stop());

  return { state, open, has, extend, look, take, show, apply, letGo };
});
