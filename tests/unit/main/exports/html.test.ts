import { describe, expect, it } from 'vitest';
import { exportTexts } from '../../../../electron/main/lib/export-texts.ts';
import { createNames } from '../../../../electron/main/services/files/exports/fetch-files.ts';
import {
  type ExportFacts,
  messageHtml,
  pageFoot,
  pageHead,
} from '../../../../electron/main/services/files/exports/html.ts';
import { escapeHtml, htmlText } from '../../../../electron/main/services/files/exports/html-text.ts';
import { exportedMessage } from '../../../../electron/main/services/files/exports/message.ts';
import type { Message } from '../../../../contract/api/message.ts';

const EN = exportTexts('en-GB');
const RU = exportTexts('ru-RU');
const people = { me: 'me', names: new Map([['other', 'Boris Stone']]) };
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title><svg/onload=alert(1)>',
  '&lt;script&gt;',
  '**<b onclick=x>**',
  '`</code><script>`',
  '```\n</pre><script>\n```',
  '> </blockquote><iframe src=//evil.example>',
  'https://example.org/"onmouseover="alert(1)',
  'javascript:alert(1)',
  'https://user:secret@example.org/',
  'a\u0000b\u001Bc\uD800',
];

const message = (more: Partial<Message> = {}): Message => ({
  ...{ id: 'm1', chatId: 'c1', content: 'Hello', senderId: 'other', createdAt: '2026-03-04T10:20:30.000Z' },
  ...more,
});
const html = (more: Partial<Message>, place: Parameters<typeof messageHtml>[2] = () => null): string =>
  messageHtml(exportedMessage(message(more), people), null, place, EN);

/** Every tag of a text, as a browser would see them. */
const tags = (text: string): string[] => [...text.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name ?? '');
const ALLOWED = new Set(
  'h2 article b bdi div span p small a img audio video ul li time code pre blockquote i'.split(' '),
);

describe('the HTML of a message', () => {
  it.each(HOSTILE)('holds %j as text wherever it stands', (text) => {
    const written = html(
      {
        content: text,
        sender: { id: 'other', username: text, firstName: text, lastName: text, age: null },
        replyTo: { id: 'm0', content: text, sender: { id: 'me', username: text, firstName: text, lastName: '' } },
        attachments: [{ id: 'f1', name: text, mimeType: 'image/png', size: 12 }],
        reactions: [{ id: 'r', emoji: '<i>', userId: text }],
      },
      () => ({ path: `files/${text}` }),
    );
    for (const tag of tags(written)) expect(ALLOWED).toContain(tag);
    // Attributes are all ours: what is left after removing quoted values has no handler.
    const attributes = [...written.matchAll(/<[a-z0-9]+((?:\s+[a-z-]+(?:="[^"]*")?)*)>/gi)];
    expect(attributes).toHaveLength([...written.matchAll(/<[a-z0-9]/gi)].length);
    for (const [, list = ''] of attributes)
      for (const [, name] of list.matchAll(/\s([a-z-]+)(?:="[^"]*")?/gi))
        expect(['class', 'dir', 'href', 'rel', 'src', 'alt', 'title', 'loading', 'datetime', 'aria-label']).toContain(
          name,
        );
    expect(written).not.toMatch(/href="(?!https?:|files\/)/);
    expect(written).not.toMatch(/[\u0000\u001B]|\p{Cs}/u);
  });

  it('keeps what people wrote', () => {
    expect(htmlText('**bold** and `x < y`')).toBe('<p dir="auto"><b>bold</b> and <code>x &lt; y</code></p>');
    expect(htmlText('see https://example.org/a?b=1&c=2.')).toBe(
      '<p dir="auto">see <a href="https://example.org/a?b=1&amp;c=2" rel="noreferrer noopener">https://example.org/a?b=1&amp;c=2</a>.</p>',
    );
    expect(htmlText('https://еxample.org/')).toContain('(xn--');
    expect(escapeHtml('a\nb\tc')).toBe('a\nb\tc');
  });

  it('says what became of files', () => {
    const attachments = [{ id: 'f1', name: 'plan #1.pdf', mimeType: 'application/pdf', size: 2_500_000 }];
    expect(html({ attachments }, () => ({ path: 'files/plan #1.pdf' }))).toContain('href="files/plan%20%231.pdf"');
    expect(html({ attachments }, () => 'missing')).toContain('2.5 MB · This file couldn’t be fetched');
    expect(html({ attachments }, () => null)).toContain('Not included in this export');
    expect(html({ attachments }, () => null)).not.toContain('href');
  });

  it('names people by what the chat knows', () => {
    expect(html({})).toContain('<bdi>Boris Stone</bdi>');
    expect(html({ senderId: 'me' })).toContain('class="mine"');
  });

  it('begins a new day with its date, and says a name once in a row', () => {
    const first = exportedMessage(message(), people);
    const next = exportedMessage(message({ id: 'm2', createdAt: '2026-03-04T10:21:00.000Z' }), people);
    const later = exportedMessage(message({ id: 'm3', createdAt: '2026-03-06T10:21:00.000Z' }), people);
    const none = () => null;
    expect(messageHtml(first, null, none, EN)).toContain('<h2>March 4, 2026</h2>');
    expect(messageHtml(next, first, none, EN)).not.toMatch(/<h2>|class="sender"/);
    expect(messageHtml(later, next, none, RU)).toContain('<h2>6 марта 2026 г.</h2>');
  });
});

describe('a page', () => {
  const facts: ExportFacts = {
    title: '<script>x</script>',
    exportedAt: Date.UTC(2026, 2, 4, 12),
    since: null,
    count: 2,
    complete: true,
    texts: EN,
  };

  it('needs nothing from elsewhere and runs nothing', () => {
    const page = pageHead(facts, 0, 2) + pageFoot(facts, 0, 2);
    expect(page).toContain(`default-src 'none'`);
    expect(page).not.toMatch(/<script|<link|https?:|url\(|@import/);
    expect(page).toContain('prefers-color-scheme:dark');
    expect(page).toContain('href="messages-2.html"');
    expect(page.match(/index\.html/)).toBeNull();
  });

  it('says that it is incomplete, in its language', () => {
    expect(pageHead(facts, 0, 1)).not.toContain(EN.notWhole);
    expect(pageHead({ ...facts, complete: false }, 0, 1)).toContain(EN.notWhole);
    const russian = pageHead({ ...facts, complete: false, count: 21, texts: RU }, 0, 1);
    expect(russian).toContain('<html lang="ru">');
    expect(russian).toContain('21 сообщение');
    expect(russian).toContain(RU.notWhole);
  });
});

describe('names in the folder of files', () => {
  it.each([
    [
      ['a.txt', 'A.TXT', 'a.txt'],
      ['a.txt', 'A (2).TXT', 'a (3).txt'],
    ],
    [
      ['../../etc/passwd', 'con.txt'],
      ['passwd', '_con.txt'],
    ],
    [
      ['é.png', 'e\u0301.png'],
      ['é.png', 'é (2).png'],
    ],
  ])('%j become %j', (given, wanted) => {
    const nameFor = createNames();
    expect(given.map(nameFor)).toEqual(wanted);
  });
});
