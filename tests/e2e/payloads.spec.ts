/** Scripts in disguise, in every place that shows text: none runs, none is stopped only by the policy, and all stay text. */
import { expect, type Page } from '@playwright/test';
import { PAYLOADS, SHORT_PAYLOADS } from './lib/payloads.ts';
import { bubble, bubbleTexts, chatRowById, composer, goTo, openChat, found } from './lib/screen.ts';
import { signIn, test, type Person } from './lib/world.ts';
import { say } from './lib/words.ts';

declare global {
  interface Window {
    /** Every payload that runs leaves its word here. */
    trialHits?: string[];
  }
}

/** Watches for what a payload that runs would do. */
async function watchHits(page: Page): Promise<string[]> {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch((error: unknown) => seen.push(String(error)));
  });
  page.on('popup', (popup) => seen.push(`window: ${popup.url()}`));
  page.on('request', (request) => {
    if (new URL(request.url()).hostname.endsWith('.test')) seen.push(`request: ${request.url()}`);
  });
  page.on('framenavigated', (frame) => {
    if (frame.parentFrame()) seen.push(`frame: ${frame.url()}`);
  });
  return seen;
}

/** What stands in the document that only markup from a payload could have put there. */
async function intruders(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [...(window.trialHits ?? [])].map((hit) => `ran: ${hit}`);
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        const isAddress = ['href', 'src', 'action', 'formaction', 'xlink:href', 'srcdoc', 'data', 'poster'].includes(
          name,
        );
        if (name.startsWith('on')) found.push(`${element.tagName} ${name}=${value}`);
        if (isAddress && /^\s*(javascript|data|vbscript|blob):/i.test(value))
          found.push(`${element.tagName} ${name}=${value}`);
      }
      if (
        element.matches(
          'iframe, object, embed, base, meta[http-equiv], marquee, math, template, video, audio, form[action]',
        )
      )
        found.push(element.outerHTML.slice(0, 100));
      if (element.matches('script:not([src]), img, image, foreignObject, animate'))
        found.push(element.outerHTML.slice(0, 100));
    }
    return found;
  });
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  run: (item: T, index: number) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size)
    await Promise.all(items.slice(at, at + size).map((item, offset) => run(item, at + offset)));
}

test(`${String(PAYLOADS.length)} payloads as names, messages, quotes, drafts, searches, titles, tooltips: none runs`, async ({
  world,
  launch,
}) => {
  test.setTimeout(240_000);
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(150);
  const anna = await world.person('Anna', 'Berg');

  // People who are called so, and describe themselves so.
  const people: { person: Person; chatId: string }[] = [];
  await inBatches(SHORT_PAYLOADS, 8, async (payload, index) => {
    const bio = PAYLOADS[index % PAYLOADS.length]?.slice(0, 400).replace(/[\0\ud800-\udfff]/g, '') ?? '';
    const person = await world.person(payload, `Ode ${String(index)}`, { bio });
    people.push({ person, chatId: await world.chat(anna, person) });
  });
  const [speaker] = people;
  if (!speaker) throw new Error('nobody speaks');

  // One says everything, in order, each twice: as a message and as an answer that quotes it.
  const ids: string[] = [];
  for (const payload of PAYLOADS) ids.push(await world.write(speaker.person, speaker.chatId, payload));
  await inBatches(ids.slice(-30), 6, async (id) => {
    const reply = await world.write(anna, speaker.chatId, 'in reply', id);
    await speaker.person.api.post(`/messages/${reply}/reactions`, { emoji: '👍' });
  });
  // The others say one thing each, so that every row of the list previews another one.
  await inBatches(people.slice(1), 6, async ({ person, chatId }, index) => {
    await world.write(person, chatId, PAYLOADS[(index * 3) % PAYLOADS.length] ?? '');
  });

  const app = await launch({ server: world.relay.url });
  const { page } = app;
  const seen = await watchHits(page);
  const clean = async (where: string): Promise<void> => {
    expect(await intruders(page), where).toEqual([]);
    expect(seen, where).toEqual([]);
    expect(app.problems(), where).toEqual([]);
  };
  const accountId = await signIn(page, world.relay.url, anna);
  await expect(page.locator('[data-chat]').first()).toBeVisible();
  await clean('the list of chats');

  // Drafts stand in the list too.
  await page.evaluate(
    async (drafts) => {
      for (const draft of drafts) await window.relay.chats.saveDraft({ ...draft, replyTo: null });
    },
    people.slice(5, 25).map(({ chatId }, index) => ({ accountId, chatId, text: PAYLOADS[index * 5 + 1] ?? '' })),
  );
  await expect(page.locator('[data-chat] .draft').first()).toBeVisible();
  await clean('drafts in the list');

  // The long conversation, from its newest to its first message.
  await goTo(page, `#/chats/${speaker.chatId}`);
  const list = page.locator('.timeline');
  await expect(bubble(page, 'in reply').first()).toBeVisible();
  await expect(page.locator('.reaction').first()).toBeVisible();
  const shown = new Set<string>();
  const first = page.getByText(say('en', 'conversation.begin', { name: '' }).split('.')[0]?.trim() ?? '', {
    exact: false,
  });
  await list.focus();
  await expect
    .poll(
      async () => {
        for (const text of await bubbleTexts(page)) shown.add(text);
        await clean('the conversation');
        await page.keyboard.press('PageUp');
        return first.count();
      },
      { timeout: 60_000, intervals: [20] },
    )
    .toBeGreaterThan(0);
  for (const text of await bubbleTexts(page)) shown.add(text);
  // Text stays text: what has no formatting of its own is on the screen as it was written.
  const plain = PAYLOADS.filter((payload) => /^[<{]/.test(payload) && !/[`*_\n>]\s|[*_`~\n]|:\/\//.test(payload));
  expect(plain.length).toBeGreaterThan(40);
  for (const payload of plain) expect([...shown], payload).toContain(payload);

  // Who reacted, in words on the screen.
  await list.focus();
  await page.keyboard.press('End');
  await page.locator('.reaction').last().hover();
  await expect(page.getByRole('tooltip')).toContainText(speaker.person.firstName.slice(0, 5));
  await clean('a tooltip');

  // Typed into the composer, the search, the palette and the search for people.
  for (const payload of PAYLOADS.slice(0, 40)) await composer(page).fill(payload);
  await composer(page).fill('');
  await clean('the composer');
  const search = page.getByRole('searchbox', { name: say('en', 'search.label') });
  for (const payload of PAYLOADS) await search.fill(payload.slice(0, 500));
  await search.fill('alert');
  await expect(found(page, say('en', 'search.messages')).getByRole('link').first()).toBeVisible();
  await clean('the search');
  await search.fill('Ode');
  await expect(found(page, say('en', 'search.chats')).getByRole('link').first()).toBeVisible();
  await clean('chats and people that were found');
  await search.fill('');

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox', { name: say('en', 'palette.label') });
  for (const payload of PAYLOADS) await palette.fill(payload.slice(0, 100));
  await palette.fill('Ode');
  await expect(page.getByRole('option').first()).toBeVisible();
  await clean('the palette');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+n');
  await page.getByRole('combobox', { name: say('en', 'people.label') }).fill('Ode');
  await expect(page.getByRole('option').first()).toBeVisible();
  await clean('people that were found');
  await page.keyboard.press('Escape');

  // Some of the chats whose title it is; each with the menu of its message and the message's details.
  for (const { person, chatId } of people.slice(1, 9)) {
    await goTo(page, `#/chats/${chatId}`);
    await expect(page.locator('header .title', { hasText: `Ode ${person.lastName.slice(4)}` })).toBeVisible();
    await clean(`a chat with ${person.name}`);
  }
  await page.getByRole('article').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: say('en', 'conversation.menu.forward'), exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await clean('forwarding');
  await page.keyboard.press('Escape');
  await expect(chatRowById(page, speaker.chatId)).toHaveCount(1);
  await openChat(page, speaker.chatId);
  await clean('the end');
});
