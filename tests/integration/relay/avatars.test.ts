/** Pictures of people that are files of the node: one's own, and then everybody's to see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { User } from '../../../contract/api/user.ts';
import { png } from '../../helpers/media-samples.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { download, upload } from '../../helpers/relay-files.ts';
import { newcomer, pair, say } from '../../helpers/relay-scene.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());

const statusFor = async (who: TestUser | null, id: string): Promise<number> =>
  (await download(relay.url, who, `/files/${id}`)).status;
const show = (who: TestUser, avatarUrl: string) =>
  who.api.put<{ user: User; error?: { fields?: object } }>('/users/me', { avatarUrl });

test('everybody who is signed in may see it, as long as it is the picture', async () => {
  const [anna, stranger] = [await newcomer(relay), await newcomer(relay)];
  const [first, second] = [await upload(anna, await png(50, 50)), await upload(anna, await png(60, 60))];
  expect(await statusFor(stranger, first.id)).toBe(403);
  expect((await show(anna, first.url ?? '')).body.user.avatarUrl).toBe(`/api/files/${first.id}`);
  expect([await statusFor(stranger, first.id), await statusFor(null, first.id)]).toEqual([200, 401]);
  expect((await stranger.api.get<{ user: User }>(`/users/${anna.user.id}`)).body.user.avatarUrl).toBe(first.url);
  expect((await show(anna, `${second.url ?? ''}?variant=thumb`)).status).toBe(200);
  expect([await statusFor(stranger, first.id), await statusFor(stranger, second.id)]).toEqual([403, 200]);
  expect((await anna.api.put('/users/me', { bio: 'no word of a picture' })).status).toBe(200);
  expect(await statusFor(stranger, second.id)).toBe(200);
  expect((await show(anna, '')).status).toBe(200);
  expect(await statusFor(stranger, second.id)).toBe(403);
});

test('a picture elsewhere takes the place of one that was here', async () => {
  const [anna, stranger] = [await newcomer(relay), await newcomer(relay)];
  const file = await upload(anna, await png(50, 50));
  await show(anna, file.url ?? '');
  expect((await show(anna, 'https://example.org/a.png')).status).toBe(200);
  expect(await statusFor(stranger, file.id)).toBe(403);
});

test('only a picture that one has uploaded: otherwise a profile would publish other people’s files', async () => {
  const { anna, boris, chatId } = await pair(relay);
  const picture = await upload(anna, await png(50, 50));
  const text = await upload(boris, 'words');
  await say(anna, chatId, '', { attachments: [picture.id] });
  expect(await statusFor(boris, picture.id)).toBe(200);
  for (const url of [
    picture.url ?? '',
    `${picture.url ?? ''}?variant=thumb`,
    text.url ?? '',
    '/api/files/nothing',
    '/api/files/',
    `${picture.url ?? ''}/../x`,
    `${picture.url ?? ''}?variant=waveform`,
  ]) {
    const refused = await show(boris, url);
    expect([refused.status, refused.body.error?.fields], url).toEqual([400, { avatarUrl: 'invalid' }]);
  }
  expect((await boris.api.get<{ user: User }>('/auth/me')).body.user.avatarUrl).toBeNull();
  expect(await statusFor(await newcomer(relay), picture.id)).toBe(403);
});
