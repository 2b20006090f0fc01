/**
 * Ink that leaves its line, as that of sixty marks on one letter does where a font stacks them, stays inside of the bubble
 * or the row: shown on the product's own styles. Shadows stand for the marks, since a font may be none that stacks.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { hasStackedMarks } from '../../renderer/src/features/conversation/text/stacked.ts';

const SOURCES = join(import.meta.dirname, '../../renderer/src');
const MARKS = '\u0301\u0323'.repeat(30);
const MARKED = `a<i class="ink">x${MARKS}</i>b`;
/** As the message's text decides: only such text is clipped. */
const STACKED = hasStackedMarks([{ kind: 'text', text: `ax${MARKS}b` }]) ? 'is-stacked' : '';
const HOMES = [
  `<article class="message"><div class="bubble"><bdi class="sender contained">${MARKED}</bdi>
    <p class="text-paragraph ${STACKED}" dir="auto">${MARKED}</p></div></article>`,
  `<article class="message"><div class="bubble"><blockquote class="text-quote ${STACKED}">${MARKED}</blockquote></div></article>`,
  `<article class="message"><div class="bubble"><pre class="text-block"><code>${MARKED}</code></pre></div></article>`,
  `<div style="display: flex; padding: 0.25rem"><bdi class="truncate">${MARKED}</bdi></div>`,
  `<div style="padding: 0.25rem"><h2 class="contained">${MARKED}</h2></div>`,
];

/** The rules of a style sheet, or of a component. */
async function rules(name: string): Promise<string> {
  const text = await readFile(join(SOURCES, name), 'utf8');
  return name.endsWith('.vue') ? (/<style scoped>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '') : text;
}

test('ink that leaves its line stays inside of the bubble and of the row', async () => {
  const sheets = await Promise.all(
    [
      'styles/tokens.css',
      'styles/base.css',
      'features/conversation/MessageItem.vue',
      'features/conversation/text/text.css',
    ].map(rules),
  );
  const browser = await chromium.launch(browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined));
  try {
    const page = await browser.newPage();
    await page.setContent(
      `<style>${sheets.join('\n')} .home { margin: 40px; width: fit-content } .message { padding: 0 }</style>
       ${HOMES.map((home) => `<div class="home">${home}</div>`).join('')}`,
    );
    const outside = (): Promise<Buffer> => page.screenshot({ mask: [page.locator('.home')], animations: 'disabled' });
    const clean = await outside();
    await page.addStyleTag({ content: '.ink { text-shadow: 0 -30px red, 0 30px red, 0 -10px red, 0 10px red }' });
    expect((await outside()).equals(clean)).toBe(true);
    // The shadows are ink that could be seen there.
    await page.addStyleTag({ content: '.home * { overflow: visible !important }' });
    expect((await outside()).equals(clean)).toBe(false);
  } finally {
    await browser.close();
  }
});
