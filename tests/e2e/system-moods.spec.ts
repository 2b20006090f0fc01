/** The system as it can be: a key ring that asks, no tray and no notifications, a folder that takes nothing, another language. */
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { HostProcess } from '../../host/client.ts';
import { test, testHost } from '../helpers/app.ts';
import {
  chatRow,
  expectState,
  newPerson,
  openChat,
  registerOnScreen,
  sendText,
  startChatWith,
} from '../helpers/app-person.ts';
import { registerAt } from '../helpers/relay.ts';
import { spawnRelay, type SpawnedRelay } from '../helpers/relay-process.ts';

let relay: SpawnedRelay | null = null;

test.afterEach(async () => {
  await relay?.close();
  relay = null;
});

test.skip(() => testHost() !== 'stand-in', 'the moods of the system are set on the stand-in');

test('an unanswered key ring holds nothing up, and what was written meanwhile is sent once it opens', async ({
  launch,
}) => {
  relay = await spawnRelay();
  const person = newPerson('Clara', 'Frost');
  const other = newPerson('Dmitri', 'Vale');
  await registerAt(relay.url, other.username, { ...other });
  // Neither a tray nor notifications are a reason not to work.
  const env = { RELAY_HOST_TRAY: 'refused', RELAY_HOST_NOTIFICATIONS: 'failing' };
  const app = await launch({ server: relay.url, env });
  await registerOnScreen(app.page, person);
  await startChatWith(app.page, other);
  await sendText(app.page, 'Before');
  await expectState(app.page, 'Before', 'Sent');
  await app.close();

  const again = await launch({
    server: relay.url,
    userDataDir: app.userDataDir,
    env: { RELAY_HOST_KEY_STORE: 'prompt' },
  });
  const { page, control } = again;
  await expect(chatRow(page, other)).toBeVisible();
  await expect(page.getByText('Your system’s password store hasn’t responded.')).toBeVisible();
  await openChat(page, other);
  await sendText(page, 'Meanwhile');
  await expectState(page, 'Meanwhile', 'Waiting to be sent');

  const items = async () => (await control?.call('state', null))?.outside ?? [];
  const prompt = (await items()).find(({ title }) => title === 'Unlock the key ring');
  await control?.call('act', { id: prompt?.id ?? '', action: 'unlock' });
  await expectState(page, 'Meanwhile', 'Sent');
  await expect(page.getByText('password store')).toHaveCount(0);

  // The language that is chosen is the tray's too.
  const labels = async () =>
    (await items()).find(({ what }) => what === 'tray')?.choices.map(({ label }) => label) ?? [];
  expect(await labels()).toContain('Open Relay');
  await control?.call('invoke', { windowId: 1, channel: 'settings.update', args: [{ language: 'ru' }] });
  await expect.poll(labels).toEqual(expect.arrayContaining(['Открыть Relay', 'Выйти']));
});

test('a folder that takes nothing ends the start with a word on the screen', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-no-folder-'));
  await writeFile(join(folder, 'file'), '');
  const host = new HostProcess({
    appDir: process.env.RELAY_TEST_APP ?? '.',
    screen: 'parent',
    env: { ...process.env, RELAY_USER_DATA: join(folder, 'file', 'data'), RELAY_HOST_LANGUAGES: 'ru-RU' },
  });
  expect(await host.exited).toBe(1);
  expect(host.output()).toContain('Не удалось запустить Relay');
  expect(host.output()).toContain('ENOTDIR');
  await rm(folder, { recursive: true });
});
