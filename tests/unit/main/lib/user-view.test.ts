import { describe, expect, it } from 'vitest';
import { toUserView } from '../../../../electron/main/lib/user-view.ts';

const ACCOUNT = 'https://relay.example/u9';

describe('a person on the screens', () => {
  it.each([
    [{ id: 'u1', username: 'ada' }, 'ada'],
    [{ id: 'u1', username: 'ada', firstName: 'Ada', lastName: 'Example' }, 'Ada Example'],
    [{ id: 'u1', username: 'ada', firstName: ' ', lastName: null }, 'ada'],
    [{ id: 'u1', username: 'ada', firstName: '\u202Egnp.exe', lastName: '' }, 'gnp.exe'],
    [{ id: 'u1', username: 'ada', firstName: '\u200B\u2060', lastName: '' }, 'ada'],
    [{ id: 'u1', username: '\u202E' }, 'u1'],
  ])('%j is called %s', (user, name) => {
    expect(toUserView(user, ACCOUNT).name).toBe(name);
  });

  it('has what the server did not say as null or empty', () => {
    expect(toUserView({ id: 'u1', username: 'ada', lastSeenAt: null }, ACCOUNT)).toEqual({
      id: 'u1',
      username: 'ada',
      name: 'ada',
      firstName: '',
      lastName: '',
      bio: '',
      online: null,
      lastSeenAt: null,
      avatarUrl: null,
    });
    expect(
      toUserView({ id: 'u1', username: 'ada', online: true, lastSeenAt: '1970-01-01T00:00:01.000Z' }, ACCOUNT),
    ).toMatchObject({
      online: true,
      lastSeenAt: 1000,
    });
  });
});
