import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PartyView } from '../../../../../contract/ipc/party-views.ts';
import { PARTY_WORDS } from '../../../../../contract/model/party-queue.ts';
import { READER_OPERATIONS, WRITER_OPERATIONS } from '../../../../../electron/main/services/store/operations.ts';
import { trackOf } from '../../music/track-world.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, openStore, OTHER, type OpenStore } from '../open-store.ts';
import { fileOf } from './upload-world.ts';

const ops = { ...WRITER_OPERATIONS, ...READER_OPERATIONS };
let store: OpenStore;
const song = (id: string, name = `${id}.mp3`) => fileOf(id, { mimeType: 'audio/mpeg', name, duration: 60 });
const like = (messageId: string, userId: string, emoji = '🔥') => ({
  id: `${messageId}-${userId}-${emoji}`,
  messageId,
  userId,
  emoji,
  createdAt: new Date(NOW).toISOString(),
});
const party = (messageId: string, chatId = CHAT) => ops.party(store.context, { chatId, messageId, mayRemove: 'own' });
const files = (messageId = 'open') =>
  party(messageId)?.proposals.map(({ file, votes }) => `${file.id} ${String(votes)}`);

beforeEach(() => {
  store = openStore();
  knowChat(store.context);
  arrive(
    store.context,
    message(1, { id: 'early', attachments: [song('early')] }),
    message(2, { id: 'first', attachments: [song('first')] }),
    message(3, { id: 'open', content: PARTY_WORDS, replyToId: 'first' }),
    message(4, { id: 's1', senderId: ME, attachments: [song('one')] }),
    message(5, { id: 's2', attachments: [song('two'), fileOf('picture')] }),
    message(6, { id: 's3', attachments: [song('note', 'voice-20260311-000000.m4a')] }),
    message(7, { id: 's4', attachments: [song('three')], reactions: [like('s4', ME), like('s4', OTHER)] }),
  );
});
afterEach(() => store.close());

describe('a party queue', () => {
  it('has the songs that came after it and the one it answers, by their votes', () => {
    const view = PartyView.parse(party('open'));
    // One's own vote does not count.
    expect(files()).toEqual(['three 1', 'first 0', 'one 0', 'two 0']);
    expect(view.proposals[2]).toMatchObject({ messageId: 's1', senderName: 'Mara Own', mine: true, track: null });
  });

  it('follows the reactions', () => {
    arrive(
      store.context,
      message(5, { id: 's2', attachments: [song('two')], reactions: [like('s2', ME), like('s2', 'third')] }),
    );
    expect(files()?.[0]).toBe('two 2');
  });

  it('ends where the next one begins', () => {
    arrive(
      store.context,
      message(8, { id: 'again', content: PARTY_WORDS }),
      message(9, { id: 's5', attachments: [song('late')] }),
    );
    expect(files()).toEqual(['three 1', 'first 0', 'one 0', 'two 0']);
    expect(files('again')).toEqual(['late 0']);
  });

  it('knows the tracks of the library by their own words', () => {
    ops.takeTracks(store.context, { tracks: [trackOf('one', { title: 'One of them' })], now: NOW });
    expect(party('open')?.proposals[2]?.track).toMatchObject({ title: 'One of them' });
  });

  it('is opened by its own message in its own chat', () => {
    expect(party('s1')).toBeNull();
    expect(party('open', 'elsewhere')).toBeNull();
    expect(party('missing')).toBeNull();
  });
});
