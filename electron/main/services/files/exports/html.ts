/**
 * An exported chat as pages of HTML that need nothing but their own folder: no script, no font, no address of the
 * network. They follow the system's theme. Pure.
 */
import { plainText } from '#contract/model/message-text/blocks.ts';
import { firstCharacters } from '#contract/model/text.ts';
import { type FileKind, fileKind } from '#contract/model/media-types.ts';
import type { ExportTexts } from '../../../lib/export-texts.ts';
import { PAGE_STYLE } from './html-style.ts';
import { escapeHtml, htmlText } from './html-text.ts';
import type { ExportedFile, ExportedMessage } from './message.ts';

/** What the pages say about the whole. */
export interface ExportFacts {
  title: string;
  /** Milliseconds since the epoch. */
  exportedAt: number;
  since: number | null;
  count: number;
  complete: boolean;
  texts: ExportTexts;
}

/** Where a file lies in the folder of the export; `missing`: the server did not give it; null: files were not wanted. */
export type FilePlace = (id: string) => { path: string } | 'missing' | null;

const QUOTED = 160;
const SHOWN: ReadonlySet<FileKind> = new Set<FileKind>(['image']);

/** The name of a page in the folder. @param n from 0. */
export function pageName(n: number): string {
  return n === 0 ? 'index.html' : `messages-${String(n + 1)}.html`;
}

/** The path of a file as an address: each of its parts may hold anything. */
function address(path: string): string {
  return escapeHtml(path.toWellFormed().split('/').map(encodeURIComponent).join('/'));
}

const day = (at: Date, language: string): string => new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(at);

function turnings(n: number, of: number, texts: ExportTexts): string {
  if (of < 2) return '';
  const before = n > 0 ? `<a href="${pageName(n - 1)}">← ${escapeHtml(texts.earlier)}</a>` : '<span></span>';
  const after = n < of - 1 ? `<a href="${pageName(n + 1)}">${escapeHtml(texts.later)} →</a>` : '<span></span>';
  return `<nav>${before}<span>${escapeHtml(texts.page(n + 1, of))}</span>${after}</nav>`;
}

/** The beginning of a page. @param n from 0. */
export function pageHead(facts: ExportFacts, n: number, of: number): string {
  const { texts, title, count } = facts;
  const when = new Intl.DateTimeFormat(texts.language, { dateStyle: 'long', timeStyle: 'short' }).format(
    facts.exportedAt,
  );
  const about = [
    texts.messages(count),
    ...(facts.since === null ? [] : [texts.since(day(new Date(facts.since), texts.language))]),
    texts.exported(when),
  ];
  const warning = facts.complete
    ? ''
    : `<p class="warning" role="note"><b>${escapeHtml(texts.notWhole)}</b> ${escapeHtml(texts.notWholeDetail)}</p>`;
  return `<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:; media-src 'self' file:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header><h1><bdi>${escapeHtml(title)}</bdi></h1><p>${about.map(escapeHtml).join(' · ')}</p></header>
${warning}${turnings(n, of, texts)}<main>
${count === 0 ? `<p class="nothing">${escapeHtml(texts.nothing)}</p>\n` : ''}`;
}

/** The end of a page. */
export function pageFoot(facts: ExportFacts, n: number, of: number): string {
  return `</main>\n${turnings(n, of, facts.texts)}</body>\n</html>\n`;
}

function size(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat(language, {
    ...{ style: 'unit', unit: units[step] ?? 'byte', unitDisplay: 'short' },
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1000 ** step);
}

function fileHtml(file: ExportedFile, place: FilePlace, texts: ExportTexts): string {
  const found = place(file.id);
  const name = `<bdi>${escapeHtml(file.name)}</bdi>`;
  const facts = escapeHtml(size(file.size, texts.language));
  if (found === null || found === 'missing') {
    const why = escapeHtml(found === null ? texts.without : texts.missingFile);
    return `<div class="file"><span>${name}</span><small>${facts} · ${why}</small></div>`;
  }
  const src = address(found.path);
  const kind = fileKind(file.mimeType);
  if (SHOWN.has(kind))
    return `<a class="picture" href="${src}"><img src="${src}" alt="${escapeHtml(file.name)}" loading="lazy"></a>`;
  const player =
    kind === 'audio'
      ? `<audio controls preload="none" src="${src}"></audio>`
      : kind === 'video'
        ? `<video controls preload="none" src="${src}"></video>`
        : '';
  return `<div class="file"><a href="${src}" download>${name}</a><small>${facts}</small>${player}</div>`;
}

/** A message; a line with its day comes first where that is not the day of `before`. */
export function messageHtml(
  message: ExportedMessage,
  before: ExportedMessage | null,
  place: FilePlace,
  texts: ExportTexts,
): string {
  const { language } = texts;
  const at = new Date(message.at);
  const newDay = !before || new Date(before.at).toDateString() !== at.toDateString();
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(at);
  const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' }).format(at);
  const follows = !newDay && before?.senderId === message.senderId;
  const { replyTo } = message;
  const quote = replyTo
    ? `<div class="reply"><span>${escapeHtml(texts.reply)} <bdi>${escapeHtml(replyTo.sender)}</bdi></span><p dir="auto">${escapeHtml(
        firstCharacters(plainText(replyTo.text), QUOTED),
      )}</p></div>`
    : '';
  const reactions = message.reactions
    .map(
      ({ emoji, by }) =>
        `<li title="${escapeHtml(by.join(', '))}">${escapeHtml(emoji)}${by.length > 1 ? ` ${String(by.length)}` : ''}</li>`,
    )
    .join('');
  return `${newDay ? `<h2>${escapeHtml(day(at, language))}</h2>\n` : ''}<article class="${message.mine ? 'mine' : 'theirs'}${
    follows ? ' follows' : ''
  }">${follows ? '' : `<b class="sender"><bdi>${escapeHtml(message.sender)}</bdi></b>`}${quote}${htmlText(
    message.text,
  )}${message.files.map((file) => fileHtml(file, place, texts)).join('')}${
    reactions === '' ? '' : `<ul aria-label="${escapeHtml(texts.reactions)}">${reactions}</ul>`
  }<time datetime="${escapeHtml(message.at)}" title="${escapeHtml(full)}">${escapeHtml(time)}</time></article>\n`;
}
