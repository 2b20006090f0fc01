/** The whole way without a mouse. After each step the focus is somewhere, in view, and can be seen. */
import { expect } from '@playwright/test';
import { expectFocus, walkTo } from './lib/focus.ts';
import { bubble, composer, expectState, found } from './lib/screen.ts';
import { freshUsername, test } from './lib/world.ts';
import { say } from './lib/words.ts';

test('register, find a person, write, reply, react, search, settings, log out: by keyboard alone', async ({
  world,
  launch,
}) => {
  const boris = await world.person('Boris', 'Ode');
  const { page } = await launch({ server: world.relay.url });
  const keys = page.keyboard;
  const press = async (...pressed: string[]): Promise<void> => {
    for (const key of pressed) {
      await keys.press(key);
      await expectFocus(page, key);
    }
  };

  await test.step('register', async () => {
    await expect(page.getByLabel(say('en', 'auth.fields.username'), { exact: true })).toBeFocused();
    await walkTo(page, page.getByRole('link', { name: say('en', 'auth.signIn.otherAction') }));
    await keys.press('Enter');
    await expect(page.getByLabel(say('en', 'auth.fields.firstName'), { exact: true })).toBeFocused();
    await keys.type('Anna');
    await press('Tab');
    await keys.type('Berg');
    await press('Tab');
    await keys.type(freshUsername('anna'));
    await press('Tab');
    await keys.type('30');
    await press('Tab');
    await keys.type('a long enough password');
    await keys.press('Enter');
    await expect(page.getByRole('heading', { name: say('en', 'shell.chats'), exact: true })).toBeVisible();
    await expectFocus(page, 'registered');
  });

  await test.step('find a person', async () => {
    await keys.press('Control+n');
    await expect(page.getByRole('combobox', { name: say('en', 'people.label') })).toBeFocused();
    await keys.type(boris.username);
    await expect(page.getByRole('option', { name: boris.name })).toBeVisible();
    await keys.press('Enter');
    await expect(composer(page)).toBeFocused();
  });

  let chatId = '';
  await test.step('write', async () => {
    await keys.type('First line');
    await keys.press('Shift+Enter');
    await keys.type('second line');
    await keys.press('Enter');
    await expectState(page, 'second line', 'sent');
    await expect(composer(page)).toBeFocused();
    await expect(composer(page)).toHaveValue('');
    chatId = /chats\/([^?/]+)/.exec(page.url())?.[1] ?? '';
    await world.write(boris, chatId, 'an answer worth a reaction');
    await expect(bubble(page, 'an answer worth a reaction')).toBeVisible();
  });

  await test.step('reply', async () => {
    await press('ArrowUp');
    await expect(page.getByRole('article').last()).toBeFocused();
    await press('ArrowUp', 'ArrowDown', 'Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    await walkTo(
      page,
      page.getByRole('menuitem', { name: say('en', 'conversation.menu.reply'), exact: true }),
      'ArrowDown',
    );
    await keys.press('Enter');
    await expect(composer(page)).toBeFocused();
    await expect(page.getByText(say('en', 'conversation.composer.replyTo', { name: boris.name }))).toBeVisible();
    await keys.type('my reply');
    await keys.press('Enter');
    await expectState(page, 'my reply', 'sent');
    await expect(bubble(page, 'my reply')).toContainText('an answer worth a reaction');
    await expectFocus(page, 'replied');
  });

  await test.step('react', async () => {
    await press('ArrowUp', 'ArrowUp', 'Enter');
    await walkTo(
      page,
      page.getByRole('menuitem', { name: say('en', 'conversation.menu.react'), exact: true }),
      'ArrowDown',
    );
    await keys.press('Enter');
    const choices = page.getByRole('group', { name: say('en', 'conversation.menu.react') });
    await expect(choices.getByRole('button').first()).toBeFocused();
    await press('ArrowRight');
    await keys.press('Enter');
    await expect(bubble(page, 'an answer worth a reaction').locator('.reaction')).toHaveCount(1);
    await expectFocus(page, 'reacted');
  });

  await test.step('leave a menu and a dialog by Escape', async () => {
    await composer(page).evaluate((element) => element.focus());
    await press('ArrowUp', 'Enter', 'Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
    await expectFocus(page, 'a menu was left');
    await press('Control+k', 'Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expectFocus(page, 'the palette was left');
    await press('Control+n', 'Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expectFocus(page, 'the dialog was left');
  });

  await test.step('search', async () => {
    await press('Control+k');
    await keys.type(say('en', 'palette.search'));
    await expect(page.getByRole('option', { name: say('en', 'palette.search') })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await keys.press('Enter');
    await expect(page.getByRole('searchbox', { name: say('en', 'search.label') })).toBeFocused();
    await keys.type('worth');
    const hit = found(page, say('en', 'search.messages')).getByRole('link');
    await expect(hit.first()).toBeVisible();
    await press('ArrowDown');
    await walkTo(page, hit.first(), 'ArrowDown');
    await keys.press('Enter');
    await expect(bubble(page, 'an answer worth a reaction').first()).toBeVisible();
    await expectFocus(page, 'a found message was opened');
  });

  await test.step('every stop of the shell can be reached and seen', async () => {
    await walkTo(
      page,
      page.getByRole('button', { name: say('en', 'shell.account', { name: 'Anna Berg' }) }),
      'Shift+Tab',
    );
    await walkTo(page, composer(page));
  });

  await test.step('settings', async () => {
    await keys.press('Control+,');
    await expect(page.getByRole('heading', { name: say('en', 'shell.settings'), exact: true })).toBeVisible();
    await expectFocus(page, 'settings');
    await walkTo(page, page.getByRole('link', { name: say('en', 'settings.appearance.title'), exact: true }));
    await keys.press('Enter');
    await walkTo(
      page,
      page.getByRole('radiogroup', { name: say('en', 'settings.appearance.theme') }).getByRole('radio'),
    );
    await press('ArrowRight', 'ArrowRight');
    await expect(page.getByRole('radio', { name: say('en', 'settings.appearance.dark') })).toBeChecked();
    await keys.press('Escape');
    await expect(page.getByRole('heading', { name: say('en', 'shell.chats'), exact: true })).toBeVisible();
    await expectFocus(page, 'back from the settings');
  });

  await test.step('log out', async () => {
    await press('Control+k');
    await keys.type(say('en', 'shell.logOut'));
    await expect(page.getByRole('option', { name: say('en', 'shell.logOut') })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await keys.press('Enter');
    const dialog = page.getByRole('dialog', { name: say('en', 'auth.out.title') });
    await expect(dialog).toBeVisible();
    await expectFocus(page, 'asked whether to log out');
    await walkTo(page, dialog.getByRole('button', { name: say('en', 'shell.logOut'), exact: true }));
    await keys.press('Enter');
    await expect(page.getByRole('heading', { name: say('en', 'auth.signIn.title') })).toBeVisible();
    await expectFocus(page, 'logged out');
  });
});
