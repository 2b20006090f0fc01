import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FoundFile, FoundMusic } from '../../../../../contract/ipc/found-views.ts';
import { READER_OPERATIONS, WRITER_OPERATIONS } from '../../../../../electron/main/services/store/operations.ts';
import { trackOf, queryOf } from '../../music/track-world.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, openStore, OTHER, type OpenStore } from '../open-store.ts';
import { noon, WITH_ANNA } from '../search-world.ts';
import { fileOf } from './upload-world.ts';

const ops = { ...WRITER_OPERATIONS, ...READER_OPERATIONS };
const song = (id: string, name = `${id}.mp3`) => fileOf(id, { mimeType: 'audio/mpeg', name, duration: 60 });
let store: OpenStore;

beforeEach(() => {
  store = openStore();
  knowChat(store.context);
  const participants = [
    { id: ME, username: 'me', firstName: 'Mara', lastName: 'Own' },
    { id: 'anna', username: 'ab', firstName: 'Анна', lastName: 'Bell' },
  ];
  knowChat(store.context, { id: WITH_ANNA, participants });
  arrive(
    store.context,
    message(1, { id: 'm-river', createdAt: noon(3, 10), content: '', attachments: [song('river')] }),
    message(2, {
      id: 'm-said',
      createdAt: new Date(2026, 2, 10, 12, 2).toISOString(),
      senderId: ME,
      content: 'Goosebumps, thanks',
    }),
    message(3, { id: 'm-rain', createdAt: noon(4, 2), content: 'for a rainy evening', attachments: [song('rain')] }),
    message(4, {
      ...{ id: 'm-anna', chatId: WITH_ANNA, senderId: 'anna', createdAt: noon(3, 20), content: 'послушай' },
      attachments: [
        song('snow', 'Снег.mp3'),
        fileOf('plan', { mimeType: 'application/pdf', name: 'Plan of the house.pdf' }),
      ],
    }),
    message(5, { id: 'm-march', createdAt: noon(5, 1), senderId: ME, content: 'The march of penguins' }),
    message(6, { id: 'm-voice', createdAt: noon(3, 11), attachments: [song('voice', 'voice-20260311-000000.m4a')] }),
  );
  const tracks = [
    trackOf('river', { title: 'River of gold', artist: 'Blue Band', uploadedBy: OTHER, createdAt: noon(1, 5) }),
    trackOf('alone', { title: 'Alone', artist: 'Blue Band', uploadedBy: 'anna', createdAt: noon(3, 4) }),
    trackOf('later', { title: 'Penguins', artist: null, uploadedBy: ME, createdAt: noon(5, 9) }),
  ];
  ops.takeTracks(store.context, { tracks, now: NOW });
  ops.keepTracks(store.context, { ids: tracks.map(({ fileId }) => fileId), now: NOW });
});
afterEach(() => store.close());

const find = (text: string, limit = 20) => ops.findShared(store.context, { text, now: NOW, limit, mayRemove: 'own' });
const music = (text: string) => find(text).music.map(({ track, file }) => track?.id ?? file?.id);
const files = (text: string) => find(text).files.map(({ file }) => file.id);

describe('music', () => {
  it.each<[string, string[]]>([
    // When: put into the library, or sent to a chat; never a voice message.
    ['that song from March', ['snow', 'river', 'alone']],
    ['песня за март', ['snow', 'river', 'alone']],
    ['April', ['rain']],
    ['March 2025', []],
    // Who: sent it, or put it into the library.
    ['song from Анна', ['snow', 'alone']],
    ['песня от Анны', ['snow', 'alone']],
    ['from me', ['later']],
    // Its words, the name of its file, the words with it, and those beside it.
    ['river go', ['river']],
    ['blue', ['river', 'alone']],
    ['снег', ['snow']],
    ['rainy', ['rain']],
    ['goosebumps', ['river']],
    ['goosebumps from March', ['river']],
    ['goosebumps from April', []],
    ['in:Анна', ['snow']],
    // A word is a word first.
    ['penguins', ['later']],
    ['nothing of the kind', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(music(text)).toEqual(expected);
  });

  it('says who shared it, when, and what was said around it', () => {
    const found = find('that song from March');
    expect(found.understood).toEqual({
      people: [],
      after: new Date(2026, 2, 1).getTime(),
      before: new Date(2026, 3, 1).getTime(),
      music: true,
    });
    for (const one of found.music) FoundMusic.parse(one);
    expect(found.music[1]).toMatchObject({
      track: { id: 'river', title: 'River of gold' },
      shared: {
        chatId: CHAT,
        messageId: 'm-river',
        senderName: 'Отто Ёжиков',
        mine: false,
        at: Date.parse(noon(3, 10)),
        around: { senderName: 'Mara Own', mine: true, text: 'Goosebumps, thanks' },
      },
    });
    expect(found.music[0]).toMatchObject({
      track: null,
      file: { id: 'snow' },
      shared: { chatTitle: 'Анна Bell', around: { senderName: 'Анна Bell', text: 'послушай' } },
    });
    expect(found.music[2]?.shared).toBeNull();
  });

  it('is one row however often it was shared, with the last time that matches', () => {
    arrive(store.context, message(9, { id: 'again', createdAt: noon(5, 20), attachments: [song('river')] }));
    expect(find('river').music.map(({ shared }) => shared?.messageId)).toEqual(['again']);
    expect(find('river March').music.map(({ shared }) => shared?.messageId)).toEqual(['m-river']);
  });
});

describe('files', () => {
  it.each<[string, string[]]>([
    ['plan hou', ['plan']],
    ['послушай', ['plan']],
    ['plan from March', ['plan']],
    ['from Анна', ['plan']],
    // Asked for music alone.
    ['song from Анна', []],
    ['plan from April', []],
  ])('%s', (text, expected) => {
    expect(files(text)).toEqual(expected);
    for (const one of find(text).files) FoundFile.parse(one);
  });
});

describe('messages', () => {
  it('are asked for by what is meant', () => {
    expect(ops.readQuery(store.context, { text: 'March', now: NOW })?.query).toMatchObject({
      after: new Date(2026, 2, 1).getTime(),
      phrases: [],
      has: [],
    });
    expect(ops.readQuery(store.context, { text: 'song from me', now: NOW })?.query).toMatchObject({
      from: [ME],
      has: ['audio'],
    });
    expect(ops.readQuery(store.context, { text: 'penguins', now: NOW })).toBeNull();
  });
});

describe('the search of the library', () => {
  const listed = (q: string) => ops.trackIds(store.context, { ...queryOf({ q }), now: NOW, limit: 100 });
  it.each<[string, string[]]>([
    ['penguins', ['later']],
    ['Анна', ['alone']],
    ['from:me', ['later']],
    ['from Анна', ['alone']],
    ['от Анны', ['alone']],
    ['Анна alo', ['alone']],
    // Sent to a chat in March, or listed in March.
    ['that song from March', ['alone', 'river']],
    ['river March', ['river']],
    ['march 2024', []],
  ])('%s', (q, expected) => {
    expect(listed(q)).toEqual(expected);
  });
});
