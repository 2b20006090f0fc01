/** A long conversation in the real application on a real relay: where it opens, how one gets about, and that it holds still. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { bubble, composer, openChat } from './lib/screen.ts';
import { test } from './lib/world.ts';
import { restingPlace } from './lib/scrolling.ts';

const LONG = 260;

/** Tops of the messages in view, by their keys, as they were painted last. */
async function inView(page: Page): Promise<Map<string, number>> {
  const rows = await page.evaluate(
    () =>
      new Promise<[string, number][]>((resolve) => {
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => {
            channel.port1.close();
            const box = document.querySelector('.timeline')?.getBoundingClientRect();
            const articles = [...document.querySelectorAll('[data-message-key]')];
            resolve(
              articles
                .map((one): [string, number] => [
                  one.getAttribute('data-message-key') ?? '',
                  one.getBoundingClientRect().top,
                ])
                .filter(([, top]) => box !== undefined && top >= box.top && top < box.bottom),
            );
          };
          channel.port2.postMessage(null);
        });
      }),
  );
  return new Map(rows);
}

/** `floating`: a menu stands over the page and belongs to none of its landmarks. */
async function expectNoBarriers(page: Page, where: string, floating = false): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).disableRules(floating ? ['region'] : []).analyze();
  expect(
    violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`),
    where,
  ).toEqual([]);
}

test('a long conversation: opens at the unread, reads on and back, jumps, and never moves under the reader', async ({
  world,
}) => {
  test.setTimeout(240_000);
  const [anna, boris, clara] = await Promise.all([
    world.person('Anna', 'Berg'),
    world.person('Boris', 'Ode'),
    world.person('Clara', 'Lund'),
  ]);
  const chatId = await world.chat(anna, boris);
  const other = await world.chat(anna, clara);
  await world.write(clara, other, 'From Clara');
  const first = await world.write(boris, chatId, 'The very first one');
  // Ten at a time: their order among each other is of no matter here.
  for (let from = 1; from < LONG; from += 10) {
    const some = Array.from({ length: 10 }, (_, at) => from + at);
    await Promise.all(
      some.map((at) => world.write(boris, chatId, `Number ${String(at)}. ${'Some words to read. '.repeat(at % 9)}`)),
    );
  }
  await world.write(boris, chatId, 'An answer to the first', first);
  const { page } = await world.open(anna);
  await openChat(page, chatId);

  await test.step('opens at the unread divider, or where all unread began', async () => {
    await expect(page.getByRole('article').first()).toBeVisible();
    await expectNoBarriers(page, 'conversation');
  });

  await test.step('the newest is one press away', async () => {
    const newest = page.getByRole('button', { name: /^Go to the latest message/ });
    if (await newest.isVisible()) await newest.click();
    await expect(bubble(page, 'An answer to the first')).toBeInViewport();
    await expect(composer(page)).toBeFocused();
  });

  await test.step('a reply leads to what it answers, far outside of what was loaded', async () => {
    await page.getByRole('button', { name: /^In reply to .*The very first one/ }).click();
    await expect(bubble(page, 'The very first one').first()).toBeInViewport();
    await expect(page.getByText('This is the beginning of your conversation')).toBeAttached();
  });

  await test.step('what arrives while one reads up there moves nothing, and is counted', async () => {
    const before = await inView(page);
    expect(before.size).toBeGreaterThan(3);
    for (let at = 0; at < 20; at++) await world.write(boris, chatId, `News ${String(at)}`);
    await expect(page.getByRole('button', { name: 'Go to the latest message, 20 unread' })).toBeVisible();
    const after = await inView(page);
    for (const [key, top] of before) expect(after.get(key), key).toBe(top);
  });

  await test.step('another chat and back: the same place', async () => {
    const before = await inView(page);
    await openChat(page, other);
    // What is there counts as read once it has been in view.
    await expect(page.locator(`[data-chat="${other}"] .badge`)).toHaveCount(0);
    await openChat(page, chatId);
    await expect.poll(async () => [...(await inView(page))]).toEqual([...before]);
  });

  await test.step('scrolling down reads on to the end, and marks it read', async () => {
    const list = page.locator('.timeline');
    await list.hover();
    await expect(async () => {
      await page.mouse.wheel(0, 4000);
      await expect(bubble(page, 'News 19')).toBeInViewport({ timeout: 50 });
    }).toPass({ timeout: 30_000, intervals: [50] });
    await expect(page.locator(`[data-chat="${chatId}"] .badge`)).toHaveCount(0);
  });

  await test.step('what arrives at the end is shown there', async () => {
    await world.write(boris, chatId, 'Last of all');
    await expect(bubble(page, 'Last of all')).toBeInViewport();
  });

  await test.step('nothing moves between press and release', async () => {
    const pressed = bubble(page, 'Last of all');
    // It has been read, and nothing moves any more.
    const unread = page.locator('nav.rail .badge');
    await expect(unread).toHaveCount(0);
    await restingPlace(page);
    const before = await pressed.boundingBox();
    await pressed.hover();
    await page.mouse.down();
    await world.write(boris, chatId, 'During the press');
    // It is there, but nobody can have seen it yet; the list of chats is held as well.
    await expect(unread).toHaveText(/^1/);
    expect(await pressed.boundingBox()).toEqual(before);
    await page.mouse.up();
    await expect(bubble(page, 'During the press')).toBeInViewport();
    await expect(unread).toHaveCount(0);
  });

  await test.step('a word is found and walked to', async () => {
    await page.getByRole('button', { name: 'Search in this chat' }).click();
    await page.getByRole('searchbox', { name: 'Search in this chat' }).fill('very first');
    await expect(bubble(page, 'The very first one').first()).toBeInViewport();
    await expect(bubble(page, 'The very first one').first().locator('mark')).toHaveText(['very', 'first']);
    await expect(page.getByText('Whole chat searched')).toBeVisible();
    await expectNoBarriers(page, 'search in the chat');
    await page.keyboard.press('Escape');
    await expect(page.locator('.timeline mark')).toHaveCount(0);
    await expect(composer(page)).toBeFocused();
  });

  await test.step('by keyboard: up into the messages, their menu, reactions and back', async () => {
    await page.getByRole('button', { name: /^Go to the latest message/ }).click();
    await expect(bubble(page, 'Last of all')).toBeInViewport();
    await composer(page).press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect(bubble(page, 'Last of all')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Reply' })).toBeVisible();
    await expectNoBarriers(page, 'message menu', true);
    await page.getByRole('menuitem', { name: 'React' }).press('Enter');
    const choice = page.getByRole('group', { name: 'React' }).getByRole('button').first();
    await expect(choice).toBeFocused();
    await expectNoBarriers(page, 'reactions');
    await page.keyboard.press('Enter');
    await expect(bubble(page, 'Last of all').getByRole('group', { name: 'Reactions' })).toBeVisible();
    // Back to the message that the keyboard came from.
    await expect(bubble(page, 'Last of all')).toBeFocused();
  });

  await test.step('an emoji by its name', async () => {
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search emoji' }).fill('party popper');
    await expect(page.getByRole('button', { name: 'party popper' })).toBeVisible();
    await expectNoBarriers(page, 'emoji');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect(composer(page)).toHaveValue('🎉');
    await composer(page).fill('');
  });

  await test.step('several are chosen and forwarded', async () => {
    await page.getByRole('button', { name: 'More actions' }).last().click();
    await page.getByRole('menuitem', { name: 'Select messages' }).click();
    await bubble(page, 'Last of all').click();
    await bubble(page, 'News 19').click();
    await expect(page.getByText('2 selected')).toBeVisible();
    await expectNoBarriers(page, 'selection');
    await page.getByRole('button', { name: 'Forward', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Forward 2 messages' });
    await dialog.getByRole('checkbox', { name: clara.name }).check();
    await expectNoBarriers(page, 'forwarding');
    await dialog.getByRole('button', { name: 'Forward' }).click();
    await openChat(page, other);
    await expect(bubble(page, 'Last of all')).toBeVisible();
    await expect(bubble(page, 'News 19')).toBeVisible();
  });

  await test.step('a draft waits for its writer', async () => {
    await composer(page).fill('half a thought');
    await openChat(page, chatId);
    await openChat(page, other);
    await expect(composer(page)).toHaveValue('half a thought');
  });
});
