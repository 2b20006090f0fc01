/** The desktop around the window: notifications and the tray are clicked, links are opened, and what is silent says why. */
import { expect } from '@playwright/test';
import type { HostState } from '../../host/control.ts';
import { testHost, type App } from '../helpers/app.ts';
import { bubble, composer, openChat } from './lib/screen.ts';
import { test } from './lib/world.ts';
import { say } from './lib/words.ts';

test.skip(() => testHost() !== 'stand-in', 'what is outside the window is clicked on the stand-in');

/** What is outside the window, and how it is clicked. */
function openOutside({ control, page }: Pick<App, 'control' | 'page'>) {
  if (!control) throw new Error('the stand-in is not controlled');
  const state = (): Promise<HostState> => control.call('state', null);
  const items = async (what: string) => (await state()).outside.filter((item) => item.what === what);
  return {
    control,
    state,
    items,
    notices: () => items('notification'),
    async press(what: string, label: string): Promise<void> {
      await expect
        .poll(async () => {
          for (const item of await items(what)) {
            const choice = item.choices.find((one) => one.label === label);
            if (choice) return control.call('act', { id: item.id, action: choice.action });
          }
          return false;
        }, `${label} in the ${what}`)
        .toBe(true);
    },
    /** The window in front of the user, or behind others. */
    async look(focused: boolean): Promise<void> {
      const windowId = (await state()).windows[0]?.id ?? 0;
      await control.call('focus', { windowId, focused });
      // A page without a screen always has the focus, and would soon have read what arrives in its open chat.
      await page.evaluate((has) => {
        Object.defineProperty(document, 'hasFocus', { value: () => has, configurable: true });
        window.dispatchEvent(new Event(has ? 'focus' : 'blur'));
      }, focused);
    },
  };
}

test('a click raises the window at that message with the caret in the composer; tray, badge and title agree', async ({
  world,
}) => {
  const [anna, boris, clara] = await Promise.all([
    world.person('Anna', 'Berg'),
    world.person('Boris', 'Ode'),
    world.person('Clara', 'Lund'),
  ]);
  const withBoris = await world.chat(anna, boris);
  const withClara = await world.chat(anna, clara);
  const app = await world.open(anna);
  const { page } = app;
  const outside = openOutside(app);
  await openChat(page, withClara);
  await outside.look(false);

  await world.write(boris, withBoris, 'are you there');
  await world.write(boris, withBoris, 'lunch at noon?');
  await world.write(clara, withClara, 'hello');
  // One for each chat, with its newest message.
  await expect
    .poll(async () => (await outside.notices()).map(({ title, text }) => `${title}: ${text}`).sort())
    .toEqual(['Boris Ode: lunch at noon?', 'Clara Lund: hello']);
  await expect.poll(async () => (await outside.state()).badge).toBe(3);
  // The tray's menu names the chats, which are read from the store first.
  await expect.poll(async () => (await outside.items('tray'))[0]?.text).toContain('3 unread');
  await expect(page).toHaveTitle(/^\(3\)/);

  await outside.press('notification', 'Boris Ode');
  await expect(bubble(page, 'lunch at noon?')).toBeVisible();
  await expect(composer(page)).toBeFocused();
  expect((await outside.state()).records.some(({ what }) => what === 'focus')).toBe(true);
  await page.keyboard.type('yes');
  await expect(composer(page)).toHaveValue('yes');
});

test('the tray leads to an unread chat, what is read elsewhere disappears, and a pause is named in diagnostics', async ({
  world,
}) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  const app = await world.open(anna);
  const laptop = await world.open(anna);
  const { page } = app;
  const outside = openOutside(app);
  await outside.look(false);

  await world.write(boris, chatId, 'first');
  await expect.poll(async () => (await outside.notices()).length).toBe(1);
  await openChat(laptop.page, chatId);
  await expect.poll(async () => (await outside.notices()).length, 'read on the laptop').toBe(0);
  await laptop.close();

  await outside.press('tray', 'For 30 minutes');
  await world.write(boris, chatId, 'second');
  await expect.poll(async () => (await outside.state()).badge).toBe(1);
  expect(await outside.notices()).toEqual([]);
  await outside.press('tray', 'Boris Ode (1)');
  await expect(bubble(page, 'second')).toBeVisible();
  await expect(composer(page)).toBeFocused();

  await page.evaluate(() => (location.hash = location.hash.replace(/\/chats.*/, '/settings/diagnostics')));
  await expect(page.getByText(say('en', 'desktop.silences.paused'), { exact: true })).toBeVisible();
  await page.getByRole('button', { name: say('en', 'desktop.diagnostics.copy') }).click();
  const copied = async (): Promise<string> => {
    const { records } = await outside.state();
    const last = records.findLast(({ what }) => what === 'clipboard')?.detail;
    return typeof last === 'string' ? last : '';
  };
  await expect.poll(copied).toContain('notifications.paused: 1');
  expect(await copied()).not.toMatch(new RegExp(`127\\.0\\.0\\.1|Boris|Anna|${anna.username}|${chatId}|second`));
});

test('a link asks before it is followed, whatever it was, and leads to a chat or to a person', async ({ world }) => {
  const [anna, boris, clara] = await Promise.all([
    world.person('Anna', 'Berg'),
    world.person('Boris', 'Ode'),
    world.person('Clara', 'Lund'),
  ]);
  const chatId = await world.chat(anna, boris);
  await world.write(boris, chatId, 'behind a link');
  const app = await world.open(anna);
  const { page } = app;
  const { control } = openOutside(app);
  const dialog = page.getByRole('dialog', { name: say('en', 'desktop.link.title') });
  const open = dialog.getByRole('button', { name: say('en', 'desktop.link.open') });

  await control.call('secondInstance', ['relay', '--flag', `relay://chat/${chatId}`]);
  await expect(dialog).toContainText('Boris Ode');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(bubble(page, 'behind a link')).toBeHidden();
  await control.call('openUrl', `relay://chat/${chatId}`);
  await open.click();
  await expect(bubble(page, 'behind a link')).toBeVisible();

  await control.call('secondInstance', ['relay', `relay://user/${clara.username}`]);
  await expect(dialog).toContainText(`@${clara.username}`);
  await open.click();
  await expect(page.getByRole('heading', { name: clara.name })).toBeVisible();

  await control.call('openUrl', 'relay://user/nobody_of_that_name');
  await expect(open).toBeDisabled();
  await page.keyboard.press('Escape');
  for (const bad of [
    ['relay', 'relay://chat/a', 'relay://chat/b'],
    ['relay', 'relay://chat/unknown_here'],
  ]) {
    await control.call('secondInstance', bad);
    await expect(page.getByText(say('en', 'desktop.told.link_unknown'))).toBeVisible();
    await expect(dialog).toBeHidden();
  }
});

test('other keys can be given to a shortcut, no two get the same, and they work at once', async ({ world }) => {
  const anna = await world.person('Anna', 'Berg');
  const { page } = await world.open(anna);
  await page.keyboard.press('Control+Comma');
  await page.getByRole('searchbox', { name: say('en', 'desktop.find.label') }).fill('keyboard');
  await page.getByRole('link', { name: say('en', 'shell.shortcuts') }).click();
  const change = page.getByRole('button', {
    name: `${say('en', 'desktop.keys.change')}: ${say('en', 'shell.palette')}`,
  });
  await change.click();
  await page.keyboard.press('Control+n');
  await expect(page.getByRole('alert')).toContainText(say('en', 'chats.newChat'));
  await page.keyboard.press('Control+Shift+j');
  await expect(page.getByText('Ctrl+Shift+J', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+j');
  await expect(page.getByRole('dialog')).toBeVisible();
});
