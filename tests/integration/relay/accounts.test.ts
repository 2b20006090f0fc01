import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { User } from '../../../contract/api/user.ts';
import { createRelayClient, PASSWORD, startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { openRows } from '../../helpers/relay-rows.ts';
import { newcomer, pair } from '../../helpers/relay-scene.ts';

let relay: TestRelay;
let now = Date.now();
beforeAll(async () => {
  relay = await startTestRelay({ now: () => now, limits: { loginFailuresPerAddress: 12 } });
});
afterAll(() => relay.close());

const login = (username: string, password: string) => relay.api.post('/auth/login', { username, password });
const good = { firstName: 'A', lastName: 'B', age: 30, password: PASSWORD };

describe('registering', () => {
  test('answers the person and a token that works', async () => {
    const body = { ...good, username: 'Новый.друг_1', firstName: 'Новый', bio: 'о себе' };
    const answer = await relay.api.post<{ user: User; token: string }>('/auth/register', body);
    expect(answer.status).toBe(201);
    expect(answer.body.user).toMatchObject({ username: 'Новый.друг_1', firstName: 'Новый', bio: 'о себе', age: 30 });
    expect(Object.keys(answer.body.user).join(' ')).not.toMatch(/password|hash/i);
    const me = await createRelayClient(relay.url, answer.body.token).get<{ user: User }>('/auth/me');
    expect(me.body.user).toEqual(answer.body.user);
  });

  test('a name is taken in every way of writing it', async () => {
    await relay.register('Ёлка');
    for (const username of ['Ёлка', 'ёлка', 'ЁЛКА', 'Е\u0308лка']) {
      const answer = await relay.api.post('/auth/register', { ...good, username });
      expect([answer.status, answer.body], username).toMatchObject([409, { error: { code: 'username_taken' } }]);
    }
    const answer = await relay.api.post('/auth/register', { ...good, username: 'ADMIN' });
    expect(answer.body).toMatchObject({ error: { code: 'username_taken', fields: { username: 'taken' } } });
  });

  test('ten at once for one name: one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => relay.api.post('/auth/register', { ...good, username: 'race' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  test.each([
    ['username', 3, 20],
    ['firstName', 1, 50],
    ['lastName', 1, 50],
    ['password', 6, 1024],
    ['bio', 0, 500],
  ])('%s at its limits and one past them', async (field, min, max) => {
    const status = async (value: string): Promise<number> => {
      const username = `f${field.slice(0, 5)}${String(value.length)}`;
      return (await relay.api.post('/auth/register', { ...good, username, [field]: value })).status;
    };
    expect(await status('я'.repeat(max))).toBe(201);
    expect(await status('я'.repeat(max + 1))).toBe(400);
    if (min > 0) {
      expect(await status('ю'.repeat(min))).toBe(201);
      expect(await status('ю'.repeat(min - 1))).toBe(400);
    }
  });
});

describe('signing in', () => {
  test('in any case of the name; a wrong password and nobody look the same', async () => {
    const { user } = await newcomer(relay, 'Login');
    expect((await login(user.username.toUpperCase(), PASSWORD)).status).toBe(200);
    const wrong = await login(user.username, 'wrong');
    const nobody = await login('nobody-here', 'wrong');
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual(nobody.body);
    expect(wrong.body).toMatchObject({ error: { code: 'wrong_credentials' } });
    now += 15 * 60_000;
  });

  test('five failures, then 429 with the time to wait, also for the right password, until the window has passed', async () => {
    const { user } = await newcomer(relay, 'guess');
    const { user: other } = await newcomer(relay, 'guess');
    const attempts = await Promise.all(Array.from({ length: 8 }, () => login(user.username, 'wrong')));
    expect(attempts.map(({ status }) => status).toSorted()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const refused = await login(user.username.toUpperCase(), PASSWORD);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '900']);
    expect((await login(other.username, PASSWORD)).status, 'another account').toBe(200);
    now += 15 * 60_000;
    expect((await login(user.username, PASSWORD)).status).toBe(200);
  });

  test('a right password forgets the failures before it', async () => {
    const { user } = await newcomer(relay, 'typo');
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 4; index += 1) expect((await login(user.username, 'wrong')).status).toBe(401);
      expect((await login(user.username, PASSWORD)).status).toBe(200);
    }
    now += 15 * 60_000;
  });

  test('a walk through names is stopped for the address', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 14; index += 1) statuses.push((await login(`name${index}`, 'x')).status);
    expect(statuses).toEqual([...Array<number>(12).fill(401), 429, 429]);
    now += 15 * 60_000;
  });

  test('the admin’s door opens to the administrator alone, and an everyday token opens no admin row', async () => {
    const person = await newcomer(relay);
    const refused = await relay.api.post('/admin/login', { username: person.user.username, password: PASSWORD });
    expect([refused.status, refused.body]).toMatchObject([401, { error: { code: 'wrong_credentials' } }]);
    const everyday = await login('admin', relay.admin.password);
    const token = (everyday.body as { token: string }).token;
    expect((await createRelayClient(relay.url, token).get('/admin/stats')).status).toBe(403);
    const { username, password } = relay.admin;
    const office = await relay.api.post<{ token: string }>('/admin/login', { username, password });
    const admin = createRelayClient(relay.url, office.body.token);
    expect((await admin.get('/admin/stats')).status).toBe(200);
    // Long before an everyday token.
    now += 61 * 60_000;
    expect((await admin.get('/admin/stats')).status).toBe(401);
  });
});

describe('tokens', () => {
  test('end after thirty days', async () => {
    const { api } = await newcomer(relay);
    const start = now;
    now = start + 30 * 86_400_000 - 2000;
    expect((await api.get('/auth/me')).status).toBe(200);
    now = start + 30 * 86_400_000 + 1000;
    const answer = await api.get('/auth/me');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    now = start;
  });

  test('of a deleted person, or from before a change of the password, are no good', async () => {
    const [gone, changed] = [await newcomer(relay), await newcomer(relay)];
    const rows = await openRows(relay.dataDir);
    await rows.run('UPDATE users SET deleted_at = 1 WHERE id = ?', gone.user.id);
    await rows.run('UPDATE users SET token_version = token_version + 1 WHERE id = ?', changed.user.id);
    await rows.close();
    expect((await gone.api.get('/auth/me')).status).toBe(401);
    expect((await changed.api.get('/auth/me')).status).toBe(401);
    expect((await login(gone.user.username, PASSWORD)).status).toBe(401);
    expect((await login(changed.user.username, PASSWORD)).status).toBe(200);
  });
});

describe('finding people', () => {
  beforeAll(async () => {
    await relay.register('f.sidorova', { firstName: 'Фёкла', lastName: 'Сидорова-Ким' });
    await relay.register('sid', { firstName: 'Zed', lastName: 'Zimmer' });
    await relay.register('zed_sidor', { firstName: 'Другой', lastName: 'Человек' });
  });
  const find = async (q: string): Promise<string[]> => {
    const { api } = await seeker;
    const answer = await api.get<{ users: User[] }>('/users/search', { q });
    return answer.body.users.map((user) => user.username);
  };
  let seeker: ReturnType<TestRelay['register']>;
  beforeAll(() => {
    seeker = relay.register('sidney.seeker');
  });

  test.each([
    ['фекл', ['f.sidorova']],
    ['СИДОР', ['f.sidorova']],
    ['ким', ['f.sidorova']],
    ['сид фёк', ['f.sidorova']],
    ['сид zed', []],
    ['sid', ['sid', 'f.sidorova', 'zed_sidor']],
    ['@sid', ['sid', 'f.sidorova', 'zed_sidor']],
    ['idor', []],
    ['admin', []],
    ["' OR 1=1 --", []],
    ['%', []],
    ['_', []],
  ])('%j', async (q, found) => expect(await find(q)).toEqual(found));

  test('an empty query is 400', async () => {
    const { api } = await seeker;
    for (const q of ['', '   ', '@', 'x'.repeat(101)]) {
      expect((await api.get('/users/search', { q })).status, q).toBe(400);
    }
  });

  test('a changed name is found, the old one is not', async () => {
    const person = await relay.register('renamed', { firstName: 'Oldname' });
    const known = async () => (await person.api.get<{ user: User }>('/auth/me')).body.user.firstName;
    const before = await known();
    const updated = await person.api.put<{ user: User }>('/users/me', {
      firstName: 'Newname',
      avatarUrl: 'https://a.example/x.png',
    });
    expect(updated.body.user).toMatchObject({
      firstName: 'Newname',
      lastName: 'Test',
      avatarUrl: 'https://a.example/x.png',
    });
    expect([before, await known()]).toEqual(['Oldname', 'Newname']);
    expect(await find('oldname')).toEqual([]);
    expect(await find('newname')).toEqual(['renamed']);
    expect((await person.api.put('/users/me', { avatarUrl: 'javascript:alert(1)' })).status).toBe(400);
  });
});

test('others see no age; presence is for those who share a chat', async () => {
  const { anna, boris } = await pair(relay);
  const stranger = await newcomer(relay);
  const seen = async (api: typeof anna.api): Promise<User> =>
    (await api.get<{ user: User }>(`/users/${boris.user.id}`)).body.user;
  expect((await seen(boris.api)).age).toBe(30);
  expect(await seen(anna.api)).toMatchObject({ online: false });
  expect((await seen(anna.api)).age).toBeUndefined();
  expect((await seen(stranger.api)).online).toBeUndefined();
  expect((await stranger.api.get('/users/none')).status).toBe(404);
});
