// @vitest-environment happy-dom
/** Whoever comes back to a chat, also from another account, finds the place and the text that they left. */
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import type { PageAnchor } from '#contract/ipc/schemas.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import { fail, ok } from '#contract/model/errors.ts';
import { messageNear, type ConversationRow } from '../../../../renderer/src/features/conversation/rows.ts';
import { useConversation, type Conversation } from '../../../../renderer/src/features/conversation/use-conversation.ts';
import { useReply } from '../../../../renderer/src/features/conversation/use-reply.ts';
import { useChatsStore } from '../../../../renderer/src/stores/account/chats.ts';
import { useConversationsStore } from '../../../../renderer/src/stores/account/conversations.ts';
import type { ReadingPlace } from '../../../../renderer/src/stores/account/messages/chat-state.ts';
import { useMessagesStore } from '../../../../renderer/src/stores/account/messages.ts';
import type { TimelinePlace } from '../../../../renderer/src/ui/timeline/timeline-model.ts';
import type { TimelineHandle } from '../../../../renderer/src/ui/timeline/timeline-view.ts';
import { ACCOUNT, chatView, installBridge, OF_ACCOUNT } from '../bridge-double.ts';
import { pageOf, stored } from './message.ts';

const ROW: ReadingPlace = { at: 'row', key: 'm00030', offset: 12, near: 'm00030' };
let anchors: PageAnchor[];
let went: TimelinePlace[];
/** The messages that are stored here; none beside them is known. */
let here: [number, number];

beforeEach(() => {
  setActivePinia(createPinia());
  anchors = [];
  went = [];
  here = [0, 60];
  installBridge({
    messages: {
      page: async ({ chatId, anchor }) => {
        anchors.push(anchor);
        const [from, to] = here;
        if (anchor.at === 'around' && !pageOf(from, to).items.some(({ key }) => key === anchor.key))
          return fail('not_found', 'no such message');
        return ok({ ...pageOf(from, to, { newer: 'end', readUpTo: 'm00040' }), chatId });
      },
    },
  });
});

/** The chat on the screen, with so many unread; answers its end. */
async function visit(unread = 0, messageId: string | null = null): Promise<{ chat: Conversation; leave: () => void }> {
  useChatsStore(ACCOUNT).apply({ kind: 'chats:reset', chats: [chatView('c1', { unread })], more: false });
  const timeline: TimelineHandle = {
    goTo: (place) => went.push(place) > 0,
    place: () => ({ at: 'end' }),
    rowElement: () => null,
    focus: () => undefined,
  };
  const made: Conversation[] = [];
  const Pane = defineComponent(() => {
    made.push(useConversation('c1', ref(timeline), () => undefined));
    return () => h('div');
  });
  const page = mount(Pane, { global: { provide: OF_ACCOUNT } });
  const [chat] = made;
  if (!chat) throw new Error('nothing was mounted');
  await chat.open(messageId);
  return { chat, leave: () => page.unmount() };
}

/** What happens when another account is shown: nothing that was read is kept. */
const away = (): void => useMessagesStore(ACCOUNT).letGo();
const keep = (place: ReadingPlace): void => void useConversationsStore(ACCOUNT).places.set('c1', place);

describe('the place in a chat', () => {
  test('is found again in what is still here, without asking for anything', async () => {
    const first = await visit();
    keep(ROW);
    first.leave();
    anchors.length = 0;
    await visit();
    expect([anchors, went.at(-1)]).toEqual([[], ROW]);
  });

  test('is read around where that was let go, also with something unread below it', async () => {
    for (const unread of [0, 5]) {
      const first = await visit(unread);
      keep(ROW);
      first.leave();
      away();
      anchors.length = 0;
      const again = await visit(unread);
      expect([anchors, went.at(-1)]).toEqual([[{ at: 'around', key: 'm00030' }], ROW]);
      expect(again.chat.initial.value).toEqual(ROW);
      again.leave();
    }
  });

  test('brings its unread divider along, which is kept while it stands and not when the chat is left', async () => {
    const first = await visit(3);
    expect(first.chat.divider.value).toEqual({ readUpTo: 'm00040' });
    expect(useConversationsStore(ACCOUNT).dividers.get('c1')).toEqual({ readUpTo: 'm00040' });
    keep({ at: 'row', key: 'unread', offset: 96, near: 'm00041' });
    first.leave();
    away();
    const again = await visit();
    expect(again.chat.rows.value.some((row) => row.kind === 'unread')).toBe(true);
    expect(went.at(-1)).toMatchObject({ at: 'row', key: 'unread', offset: 96 });
  });

  test.each([
    ['the end, and nothing new came', 0, { at: 'latest' }],
    ['the end, and something new came', 2, { at: 'unread' }],
  ] as const)('%s', async (_name, unread, anchor) => {
    const first = await visit();
    keep({ at: 'end' });
    first.leave();
    away();
    anchors.length = 0;
    const again = await visit(unread);
    expect(anchors).toEqual([anchor]);
    expect(again.chat.divider.value).toEqual(unread > 0 ? { readUpTo: 'm00040' } : null);
  });

  test('that is no more is left for the newest, without the divider that belonged to it', async () => {
    const first = await visit(3);
    keep(ROW);
    first.leave();
    away();
    here = [100, 120];
    anchors.length = 0;
    const again = await visit();
    expect(anchors).toEqual([{ at: 'around', key: 'm00030' }, { at: 'latest' }]);
    expect([again.chat.divider.value, went.at(-1)]).toEqual([null, { at: 'end' }]);
  });

  test('is not gone to by whoever asks for a message', async () => {
    const first = await visit(3);
    keep(ROW);
    first.leave();
    const again = await visit(0, 'm00010');
    expect([again.chat.divider.value, went.at(-1)]).toEqual([null, { at: 'center', key: 'm00010' }]);
  });

  const row = (kind: 'day' | 'message', key: string): ConversationRow =>
    kind === 'day'
      ? { kind, key, day: 0, estimate: 40, anchor: false }
      : { kind, key, estimate: 40, message: stored(1), first: true, last: true };
  const rows = [
    row('day', 'd1'),
    row('message', 'a'),
    row('message', 'b'),
    row('day', 'd2'),
    row('message', 'c'),
    row('day', 'd3'),
  ];
  test.each([
    ['a', 'a'],
    ['d1', 'a'],
    ['d2', 'c'],
    ['d3', 'c'],
    ['nowhere', null],
  ])('near the row %s is the message %s', (key, want) => {
    expect(messageNear(rows, key)).toBe(want);
  });
});

describe('what is answered', () => {
  const find = (id: string): MessageView => stored(Number(id.slice(1)));
  /** What a visit to the chat says that it answers. */
  async function answered(draftReplyTo: string | null): Promise<string | null> {
    let id: string | null = '';
    const Pane = defineComponent(() => {
      const { replyView } = useReply(chatView('c1', { draftReplyTo }), ref(null), find, () => 'You');
      id = replyView.value?.id ?? null;
      return () => null;
    });
    mount(Pane, { global: { provide: OF_ACCOUNT } });
    await flushPromises();
    return id;
  }

  test('is what main has kept, unless this page knows better', async () => {
    expect(await answered('m00007')).toBe('m00007');
    const { drafts } = useConversationsStore(ACCOUNT);
    drafts.set('c1', { text: '', replyTo: 'm00009' });
    expect(await answered('m00007')).toBe('m00009');
    drafts.set('c1', { text: '', replyTo: null });
    expect(await answered('m00007')).toBeNull();
  });
});
