import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WRITER_OPERATIONS as ops } from '../../../../../electron/main/services/store/operations.ts';
import {
  linksOf,
  sharedFiles,
  sharedLinks,
  type SharedBefore,
} from '../../../../../electron/main/services/store/ops/shared-operations.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, openStore, type OpenStore } from '../open-store.ts';
import { fileOf } from './upload-world.ts';

let store: OpenStore;
beforeEach(() => {
  store = openStore();
  knowChat(store.context);
});
afterEach(() => store.close());

const file = (id: string, mimeType: string, name = id) => fileOf(id, { mimeType, name });
const files = (tab: 'media' | 'files' | 'music', limit = 50, before: SharedBefore | null = null) =>
  sharedFiles(store.context, { chatId: CHAT, tab, before, limit });
const idsOf = (tab: 'media' | 'files' | 'music') => files(tab).items.map((item) => item.file.id);

describe('the files of a chat', () => {
  beforeEach(() => {
    arrive(
      store.context,
      message(1, { attachments: [file('song', 'audio/mpeg'), file('photo', 'image/jpeg')] }),
      message(2, { attachments: [file('voice', 'audio/mp4', 'voice-20260101-000000.m4a')] }),
      message(3, { content: 'no file' }),
      message(4, { attachments: [file('film', 'video/mp4'), file('paper', 'application/pdf')], senderId: ME }),
      message(5, { attachments: [file('drawing', 'image/svg+xml'), file('raw', 'image/heic')] }),
      message(6, { attachments: [file('elsewhere', 'image/png')], chatId: 'other' }),
    );
  });

  it('are sorted into what is looked at, read and listened to, newest first', () => {
    expect(idsOf('media')).toEqual(['film', 'photo']);
    expect(idsOf('files')).toEqual(['drawing', 'raw', 'paper']);
    expect(idsOf('music')).toEqual(['song']);
    expect(files('media').items[0]).toMatchObject({
      messageId: message(4).id,
      chatId: CHAT,
      senderName: 'Mara Own',
      at: NOW + 4000,
      file: { kind: 'video' },
    });
  });

  it('that are still on their way are not among them', () => {
    ops.enqueue(store.context, {
      localId: 'l1',
      chatId: CHAT,
      text: '',
      replyTo: null,
      files: ['photo'],
      state: 'queued',
      now: NOW + 9000,
    });
    expect(idsOf('media')).toEqual(['film', 'photo']);
  });
});

describe('a long list', () => {
  it('comes in pages that neither lose nor repeat anything, and keep a message together', () => {
    const count = 260;
    for (let n = 1; n <= count; n += 1) {
      const album = [file(`a${n}`, 'image/png'), file(`b${n}`, 'image/png')];
      // Most of what has files has none of those that are asked for.
      arrive(store.context, message(n, { attachments: n % 4 === 0 ? album : [file(`d${n}`, 'application/pdf')] }));
    }
    const seen: string[] = [];
    let before: SharedBefore | null = null;
    let pages = 0;
    for (;;) {
      const page = files('media', 15, before);
      expect(page.items.length).toBeLessThanOrEqual(16);
      seen.push(...page.items.map((item) => item.file.id));
      const last = page.items.at(-1);
      pages += 1;
      if (!page.more || !last) break;
      before = { at: last.at, messageId: last.messageId };
    }
    const expected = Array.from({ length: count / 4 }, (_, n) => count - n * 4).flatMap((n) => [`a${n}`, `b${n}`]);
    expect(seen).toEqual(expected);
    expect(pages).toBe(9);
  });

  it('goes on from a time when the message is gone, and ends', () => {
    arrive(store.context, message(1, { attachments: [file('a', 'image/png')] }));
    expect(files('media', 10, { at: NOW + 500, messageId: 'gone' })).toEqual({ items: [], more: false });
    expect(files('media', 10, { at: NOW + 5000, messageId: 'gone' }).items).toHaveLength(1);
    expect(files('media', 1)).toMatchObject({ more: false });
  });
});

describe('the links of a chat', () => {
  it('are listed with the words around them, each once a message', () => {
    arrive(
      store.context,
      message(1, { content: 'see https://example.org/a, and https://example.org/a or (https://example.org/b).' }),
      message(2, { content: 'nothing, ftp://example.org and www.example.org' }),
      message(3, { content: `HTTPS://Example.org/ÜÖ ${'x'.repeat(500)}` }),
    );
    const { items, more } = sharedLinks(store.context, { chatId: CHAT, before: null, limit: 10 });
    expect(more).toBe(false);
    expect(items.map(({ url, messageId }) => [url, messageId])).toEqual([
      ['HTTPS://Example.org/ÜÖ', message(3).id],
      ['https://example.org/a', message(1).id],
      ['https://example.org/b', message(1).id],
    ]);
    expect(items[0]?.text).toHaveLength(200);
    expect(items[1]?.senderName).toBe('Отто Ёжиков');
  });

  it.each([
    ['https://a.example/x?y=1&z=2#t.', ['https://a.example/x?y=1&z=2#t']],
    ['<https://a.example>', ['https://a.example']],
    ['*https://a.example*', ['https://a.example']],
    ['https://', []],
    ['javascript:alert(1)', []],
    [`https://a.example/${'x'.repeat(3000)}`, []],
  ])('of %j are %j', (content, links) => {
    expect(linksOf(content)).toEqual(links);
  });
});
