/**
 * Renders the parts of a conversation once, invisibly and while idle. Code is slow on its first run, because the
 * browser compiles it then. Without a warm-up, opening the first chat takes three times as long as the next one.
 */
import { defineComponent, h, provide, render, shallowRef, type AppContext, type PropType, type VNode } from 'vue';
import type { ChatView, MessageView } from '#contract/ipc/views.ts';
import weave from '../../styles/weave.svg';
import { ACCOUNT_ID } from '../../stores/account/account-store.ts';
import ContextMenu from '../../ui/ContextMenu.vue';
import Timeline from '../../ui/timeline/Timeline.vue';
import { CONVERSATION_ACTIONS, type ConversationActions } from './actions.ts';
import BeginRow from './BeginRow.vue';
import Composer from './composer/Composer.vue';
import ConversationHeader from './ConversationHeader.vue';
import DividerRow from './DividerRow.vue';
import MessageItem from './MessageItem.vue';
import { createRowBuilder, type ConversationRow } from './rows.ts';

const NOTHING = (): void => undefined;
/** Nothing is clicked during the warm-up. */
const ACTIONS: ConversationActions = {
  reply: NOTHING,
  react: NOTHING,
  copy: NOTHING,
  forward: NOTHING,
  details: NOTHING,
  quick: shallowRef([]),
  selectTo: NOTHING,
  toggleSelected: NOTHING,
  cancel: NOTHING,
  edit: NOTHING,
  resend: NOTHING,
  discard: NOTHING,
  goTo: NOTHING,
  openLink: NOTHING,
  openPicture: NOTHING,
  hold: NOTHING,
  isListed: () => false,
  menu: NOTHING,
};

const CHAT: ChatView = {
  id: 'warm-up',
  title: '-',
  peer: null,
  participants: [],
  last: null,
  activityAt: 0,
  unread: 0,
  markedUnread: false,
  pinned: false,
  archived: false,
  muted: null,
  draft: '',
  draftReplyTo: null,
  hasFiles: false,
  hasMusic: false,
  waiting: 0,
  failed: 0,
};

function line(number: number, text: string, mine: boolean): MessageView {
  const key = `warm-up-${String(number)}`;
  return {
    key,
    chatId: CHAT.id,
    id: key,
    localId: null,
    position: { at: number, tie: key },
    senderId: mine ? 'me' : 'peer',
    senderName: '-',
    mine,
    text,
    createdAt: number * 60_000,
    state: mine ? 'read' : null,
    problem: null,
    undecided: false,
    doubleOf: null,
    quote: null,
    reactions: [],
    attachments: [],
  };
}

/**
 * What people write: each kind of text has patterns of its own, which the browser compiles apart for texts with and
 * without letters beyond Latin-1, and once more when they are used again.
 */
const TEXTS = [
  'A line of words.',
  'A *line* of `words`, and www.example.com\n> quoted',
  'See https://example.org/a/b?c=1, or ask a@example.org.',
  'Строка — https://example.org/путь, «слова»',
  '👍😀',
];

/** Enough of them for the browser to consider the rendering code worth compiling. */
function rows(): ConversationRow[] {
  const items = Array.from({ length: 12 }, (_, at) =>
    line(at, `${TEXTS[at % TEXTS.length] ?? ''}${'!'.repeat(at % 3)}`, at % 2 === 0),
  );
  const window = { chatId: CHAT.id, items, older: 'end', newer: 'end', readUpTo: null } as const;
  return createRowBuilder()(window, { readUpTo: 'warm-up-3' });
}

function row(item: ConversationRow): VNode {
  if (item.kind === 'message') {
    return h(MessageItem, {
      row: item,
      group: false,
      active: false,
      flash: false,
      found: null,
      current: false,
      selected: null,
    });
  }
  if (item.kind === 'begin') return h(BeginRow, { id: CHAT.id, title: CHAT.title });
  return h(DividerRow, { label: '-' });
}

const Part = defineComponent({
  props: {
    draw: { type: Function as PropType<() => VNode>, required: true },
    accountId: { type: String, required: true },
  },
  setup(props) {
    provide(ACCOUNT_ID, props.accountId);
    provide(CONVERSATION_ACTIONS, ACTIONS);
    return () => props.draw();
  },
});

const PARTS: (() => VNode)[] = [
  () => h(Composer, { chatId: CHAT.id, draft: '', reply: null, editing: null }),
  () => h(ConversationHeader, { chat: CHAT, typing: [], details: false, now: 0 }),
  () => h('div', rows().map(row)),
  () =>
    h(ContextMenu, { entries: [] }, () =>
      h(
        Timeline<ConversationRow>,
        { items: rows(), label: '-' },
        { default: ({ item }: { item: ConversationRow }) => row(item) },
      ),
    ),
];

const paper = new Image();
const drawn = new Set<() => VNode>();

/**
 * The warm-up in steps of a few milliseconds, each to be run when idle. `context`: the application's; `accountId`: an
 * open account. Each part is rendered only once in the page's lifetime.
 */
export function warmUpSteps(context: AppContext, accountId: string): (() => void)[] {
  // Kept by the browser for the first conversation, which would be painted once more when it comes.
  paper.src ||= weave;
  return PARTS.filter((draw) => !drawn.has(draw)).map((draw) => () => {
    drawn.add(draw);
    // Never attached to the document: nothing is laid out, painted, focused or announced.
    const stage = document.createElement('div');
    const part = h(Part, { draw, accountId });
    part.appContext = context;
    render(part, stage);
    render(null, stage);
  });
}
