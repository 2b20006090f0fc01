/** Both languages on every screen: no key instead of words, nothing in the other language, and everything fits. */
import { expect, type Page } from '@playwright/test';
import { misfits, spokenTexts } from './lib/fit.ts';
import { bubble, composer, goTo, openChat, found } from './lib/screen.ts';
import { test } from './lib/world.ts';
import { catalogue, say, type Language } from './lib/words.ts';

/** What is wrong with the words on the screen. */
async function wrongWords(page: Page, language: Language): Promise<string[]> {
  const own = catalogue(language);
  const ownWords = new Set([...own.values()].flatMap((words) => words.split(' | ')));
  const other = catalogue(language === 'en' ? 'ru' : 'en');
  // Words of the other language that this one does not have.
  const foreign = new Set(
    [...other.values()].flatMap((words) => words.split(' | ')).filter((words) => !ownWords.has(words)),
  );
  return (await spokenTexts(page)).flatMap((text) => {
    if (own.has(text) || /^[a-z]+(\.[a-zA-Z]+){1,4}$/.test(text)) return [`a key: ${text}`];
    if (/\{\w+\}/.test(text)) return [`a hole: ${text}`];
    if (text.length > 2 && foreign.has(text)) return [`not in ${language}: ${text}`];
    return [];
  });
}

interface Screen {
  name: string;
  open(): Promise<void>;
}

/** Every screen of the signed-in window, one after the other. */
function screens(page: Page, language: Language, chatId: string): Screen[] {
  const key = (combination: string) => async (): Promise<void> => {
    await page.keyboard.press(combination);
    await expect(page.getByRole('dialog')).toBeVisible();
  };
  const titles: Record<string, string> = {
    lock: 'lock.section',
    notifications: 'desktop.notices.title',
    system: 'desktop.system.title',
    diagnostics: 'desktop.diagnostics.title',
  };
  const sections = ['account', 'appearance', 'messaging', 'storage', 'shortcuts', 'about', ...Object.keys(titles)];
  const settings = sections.map((section) => ({
    name: `settings, ${section}`,
    open: async () => {
      await goTo(page, `#/settings/${section}`);
      await expect(
        page.getByRole('heading', {
          name: say(language, titles[section] ?? `settings.${section}.title`),
          exact: true,
          level: 2,
        }),
      ).toBeVisible();
    },
  }));
  return [
    {
      name: 'the conversation',
      open: async () => {
        await goTo(page, `#/chats/${chatId}`);
        await expect(composer(page)).toBeVisible();
        await expect(bubble(page, 'hello').first()).toBeVisible();
      },
    },
    {
      name: 'the menu of a message',
      open: async () => {
        await page.getByRole('article').first().click({ button: 'right' });
        await expect(page.getByRole('menu')).toBeVisible();
      },
    },
    {
      name: 'the details of a message',
      open: async () => {
        await page.getByRole('menuitem', { name: say(language, 'conversation.menu.details'), exact: true }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
      },
    },
    { name: 'the list', open: async () => goTo(page, '#/chats/') },
    {
      name: 'the search',
      open: async () => {
        await page.getByRole('searchbox').fill('hello');
        await expect(found(page, say(language, 'search.messages'))).toBeVisible();
      },
    },
    {
      name: 'nothing found',
      open: async () => {
        await page.getByRole('searchbox').fill('no such thing anywhere');
        await expect(page.getByText(say(language, 'search.nothingText'))).toBeVisible();
      },
    },
    { name: 'a new chat', open: key('Control+n') },
    { name: 'the palette', open: key('Control+k') },
    { name: 'the shortcuts', open: key('Control+/') },
    {
      name: 'the notes',
      open: async () => {
        await goTo(page, '#/chats/');
        await page.locator('nav button[aria-haspopup="menu"]').last().click();
        await page.getByRole('menuitem', { name: say(language, 'notes.title'), exact: true }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
      },
    },
    {
      name: 'an export',
      open: async () => {
        await page.getByRole('searchbox').fill('');
        await page.locator(`[data-chat="${chatId}"]`).click({ button: 'right' });
        await page.getByRole('menuitem', { name: say(language, 'exports.menu'), exact: true }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
      },
    },
    {
      name: 'what is sent later',
      open: async () => {
        await goTo(page, `#/chats/${chatId}`);
        if ((await page.locator('form.composer button.bar').count()) === 0) {
          await composer(page).fill('good morning');
          await page.getByRole('button', { name: say(language, 'later.menu'), exact: true }).click();
          await page.locator('[role="menuitem"]:has(svg.lucide-sunrise)').click();
        }
        await page.locator('form.composer button.bar').click();
        await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible();
      },
    },
    {
      name: 'a PIN',
      open: async () => {
        await goTo(page, '#/settings/lock');
        await page.getByRole('button', { name: say(language, 'lock.set'), exact: true }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
      },
    },
    {
      name: 'the log-in of an administrator',
      open: async () => {
        await goTo(page, '#/settings');
        await page.locator('a[href*="/admin"]').click();
        await expect(page.locator('main form input').first()).toBeVisible();
      },
    },
    ...settings,
    {
      name: 'logging out',
      open: async () => {
        await goTo(page, '#/settings/account');
        await page
          .getByRole('button', { name: say(language, 'shell.logOut'), exact: true })
          .last()
          .click();
        await expect(page.getByRole('dialog')).toBeVisible();
      },
    },
  ];
}

/** Leaves whatever lies over the window. */
async function closeOverlays(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const over = page.locator('[role="dialog"], [role="menu"]');
      if ((await over.count()) > 0) await page.keyboard.press('Escape');
      return over.count();
    })
    .toBe(0);
}

for (const language of ['en', 'ru'] as const) {
  test(`every screen speaks ${language} and fits: 720 x 600, the largest text, and 200 %`, async ({
    world,
    launch,
  }) => {
    test.setTimeout(180_000);
    const [anna, boris] = await Promise.all([
      world.person('Аннелиза-Шарлотта', 'Вольфеншлегельштайнхаузенбергер'),
      world.person('Boris', 'Ode'),
    ]);
    const chatId = await world.chat(anna, boris);
    await world.write(boris, chatId, 'hello');
    await world.write(anna, chatId, 'hello to you, достопримечательность '.repeat(3));
    await world.write(boris, chatId, `https://example.org/${'a-very-long-path/'.repeat(12)}`);
    const locale = language === 'en' ? 'en-US' : 'ru-RU';
    const { page } = await launch({ server: world.relay.url, locale, viewport: { width: 720, height: 600 } });
    const check = async (where: string): Promise<void> => {
      expect.soft(await wrongWords(page, language), `words: ${where}`).toEqual([]);
      expect.soft(await misfits(page), `room: ${where}`).toEqual([]);
    };

    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await check('signing in');
    await page.getByRole('button', { name: say(language, 'auth.signIn.submit'), exact: true }).click();
    await check('signing in, refused');
    await page.getByRole('link', { name: say(language, 'auth.signIn.otherAction') }).click();
    await page.getByRole('button', { name: say(language, 'auth.register.submit'), exact: true }).click();
    await check('registering, refused');
    const { username, password } = anna;
    await page.evaluate((input) => window.relay.accounts.login(input), { server: world.relay.url, username, password });
    await page.locator('nav a[href*="/chats"]').first().waitFor();

    // The smallest usual window; the same with the largest text; and 1280 x 800 at 200 %, which is half of it in each direction.
    const ways = [
      { name: '720 x 600', viewport: { width: 720, height: 600 }, textSize: 'normal' },
      { name: 'the largest text', viewport: { width: 720, height: 600 }, textSize: 'huge' },
      { name: '200 %', viewport: { width: 640, height: 400 }, textSize: 'normal' },
    ] as const;
    for (const { name, viewport, textSize } of ways) {
      await page.setViewportSize(viewport);
      await page.evaluate((size) => window.relay.settings.update({ textSize: size }), textSize);
      for (const screen of screens(page, language, chatId)) {
        if (screen.name !== 'the details of a message') await closeOverlays(page);
        await screen.open();
        await check(`${screen.name}, ${name}`);
      }
      await closeOverlays(page);
    }
  });
}

test('the language changes live, and so do the words that stand there already', async ({ world }) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  await world.write(boris, chatId, 'hello');
  const app = await world.open(anna);
  const { page } = app;
  await openChat(page, chatId);
  await composer(page).fill('half a thought');
  const turns: [from: Language, to: Language, name: string][] = [
    ['en', 'ru', 'Русский'],
    ['ru', 'en', 'English'],
    ['en', 'ru', 'Русский'],
  ];
  for (const [from, to, name] of turns) {
    await goTo(page, '#/settings/appearance');
    await page
      .getByRole('radiogroup', { name: say(from, 'settings.appearance.language') })
      .getByText(name)
      .click();
    await expect(page.locator('html')).toHaveAttribute('lang', to);
    await expect(page.getByRole('heading', { name: say(to, 'settings.appearance.title'), exact: true })).toBeVisible();
    expect(await wrongWords(page, to)).toEqual([]);
    await goTo(page, `#/chats/${chatId}`);
    await expect(composer(page)).toHaveAttribute('placeholder', say(to, 'conversation.composer.placeholder'));
    await expect(composer(page)).toHaveValue('half a thought');
    expect(await wrongWords(page, to)).toEqual([]);
  }
  // Chosen is chosen: also after a reload.
  await page.reload();
  await expect(composer(page)).toHaveAttribute('placeholder', say('ru', 'conversation.composer.placeholder'));
});
