/** Two people on two desktops: they register, find each other and talk through a real relay that is killed in the middle. */
import { expect } from '@playwright/test';
import { test, type App } from '../helpers/app.ts';
import {
  chatRow,
  composer,
  expectState,
  message,
  nameOf,
  newPerson,
  openChat,
  registerOnScreen,
  sendText,
  startChatWith,
  type Person,
} from '../helpers/app-person.ts';
import { spawnRelay, type SpawnedRelay } from '../helpers/relay-process.ts';

let relay: SpawnedRelay;

test.beforeEach(async () => {
  relay = await spawnRelay();
});

test.afterEach(async () => {
  await relay.close();
});

interface Two {
  anna: Person;
  boris: Person;
  annas: App;
  boriss: App;
}

/** Both registered, the chat open on both sides. */
async function meet(launch: (options: { server: string }) => Promise<App>): Promise<Two> {
  const anna = newPerson('Anna', 'Reed');
  const boris = newPerson('Boris', 'Stone');
  const [annas, boriss] = await Promise.all([launch({ server: relay.url }), launch({ server: relay.url })]);
  await Promise.all([registerOnScreen(annas.page, anna), registerOnScreen(boriss.page, boris)]);
  await startChatWith(annas.page, boris);
  await sendText(annas.page, 'Hello, Boris');
  await expectState(annas.page, 'Hello, Boris', 'Delivered');
  await expect(chatRow(boriss.page, anna)).toContainText('1 unread message');
  await openChat(boriss.page, anna);
  return { anna, boris, annas, boriss };
}

test('register, search, chat, typing, reply, reaction, and ticks that reach read', async ({ launch }) => {
  const { anna, boris, annas, boriss } = await meet(launch);
  await expectState(annas.page, 'Hello, Boris', 'Read');
  await expect(chatRow(boriss.page, anna)).not.toContainText('unread');

  await composer(boriss.page).pressSequentially('Thi', { delay: 30 });
  await expect(annas.page.getByRole('main', { name: 'Conversation' })).toContainText('typing…');
  await composer(boriss.page).fill('');

  await message(boriss.page, 'Hello, Boris').hover();
  await message(boriss.page, 'Hello, Boris').getByRole('button', { name: 'Reply' }).click();
  await expect(boriss.page.getByText(`Reply to ${nameOf(anna)}`)).toBeVisible();
  await sendText(boriss.page, 'Hello yourself');
  const reply = message(annas.page, 'Hello yourself');
  await expect(reply).toBeVisible();
  await expect(reply.getByRole('button', { name: /^In reply to .*: Hello, Boris/ })).toBeVisible();
  await expectState(boriss.page, 'Hello yourself', 'Read');
  await expect(annas.page.getByText('typing…')).toHaveCount(0);

  await reply.hover();
  await reply.getByRole('button', { name: 'React', exact: true }).click();
  await annas.page.getByRole('group', { name: 'React' }).getByRole('button', { name: '👍', exact: true }).click();
  const seen = message(boriss.page, 'Hello yourself').getByRole('button', { name: `👍: ${nameOf(anna)}` });
  await expect(seen).toBeVisible();
  await seen.click();
  await expect(reply.getByRole('button', { name: new RegExp(`👍: .*${nameOf(boris)}`) })).toBeVisible();
});

test('the relay is killed and started again: what was written meanwhile arrives once', async ({ launch }) => {
  const { annas, boriss } = await meet(launch);
  await relay.kill();
  const meanwhile = ['Written while it was away', 'And a second line'];
  for (const text of meanwhile) await sendText(annas.page, text);
  await expect(message(annas.page, 'And a second line')).toBeVisible();
  await expect(annas.page.getByText('Can’t reach the server.').first()).toBeVisible();

  await relay.restart();
  for (const text of meanwhile) {
    await expect(message(boriss.page, text)).toHaveCount(1, { timeout: 45_000 });
    await expectState(annas.page, text, 'Read');
  }
  await sendText(boriss.page, 'All here');
  await expect(message(annas.page, 'All here')).toBeVisible();

  const lines = (app: App) => app.page.getByRole('article').getByRole('paragraph').allInnerTexts();
  const wanted = ['Hello, Boris', ...meanwhile, 'All here'];
  const shown = async (app: App) => (await lines(app)).map((line) => line.split('\n')[0]?.trim() ?? '');
  expect(await shown(annas)).toEqual(wanted.map((text) => expect.stringContaining(text)));
  expect(await shown(boriss)).toEqual(wanted.map((text) => expect.stringContaining(text)));
});

test('the application is killed in the middle: nothing typed is lost, and nothing arrives twice', async ({
  launch,
}) => {
  const { anna, boris, annas, boriss } = await meet(launch);
  await relay.kill();
  await sendText(annas.page, 'Before the crash');
  await expect(message(annas.page, 'Before the crash')).toBeVisible();
  await composer(annas.page).fill('A draft of mine');
  // A draft is kept within half a second of a key.
  await expect
    .poll(async () => JSON.stringify(await annas.control?.call('wire', { from: 0 })), { timeout: 5000 })
    .toContain('A draft of mine');
  await annas.kill();
  await relay.restart();

  const again = await launch({ server: relay.url, userDataDir: annas.userDataDir });
  await openChat(again.page, boris);
  await expect(composer(again.page)).toHaveValue('A draft of mine');
  await expect(message(boriss.page, 'Before the crash')).toHaveCount(1, { timeout: 45_000 });
  await expectState(again.page, 'Before the crash', 'Read');
  await expect(message(again.page, 'Before the crash')).toHaveCount(1);
  await expect(chatRow(boriss.page, anna)).toBeVisible();
});
