import { describe, expect, it } from 'vitest';
import { PUBLIC_SERVER, readEnvironment } from '../../../../electron/main/platform/environment.ts';

describe('the environment', () => {
  it('decides nothing when it is empty', () => {
    expect(readEnvironment({}, false)).toEqual({
      defaultServer: PUBLIC_SERVER,
      askedServer: null,
      userDataDir: null,
      devServer: null,
      logLevel: 'info',
      checkAnswers: true,
    });
  });

  it('is read while the program is not packaged', () => {
    const env = {
      RELAY_SERVER: 'http://127.0.0.1:3000',
      RELAY_USER_DATA: '/tmp/somewhere',
      RELAY_DEV_SERVER: 'http://127.0.0.1:5173/',
      RELAY_LOG: 'debug',
      RELAY_CHECK_ANSWERS: '0',
    };
    expect(readEnvironment(env, false)).toEqual({
      defaultServer: 'http://127.0.0.1:3000',
      askedServer: 'http://127.0.0.1:3000',
      userDataDir: '/tmp/somewhere',
      devServer: 'http://127.0.0.1:5173/',
      logLevel: 'debug',
      checkAnswers: false,
    });
    // What only stands behind the window is no wish.
    const local = { RELAY_LOCAL_SERVER: 'http://127.0.0.1:4000' };
    expect(readEnvironment(local, false)).toMatchObject({ defaultServer: 'http://127.0.0.1:4000', askedServer: null });
    expect(readEnvironment({ ...env, ...local }, false).defaultServer).toBe('http://127.0.0.1:3000');
    expect(readEnvironment(local, true).defaultServer).toBe(PUBLIC_SERVER);
    // The product takes the address that is offered and nothing else.
    expect(readEnvironment(env, true)).toEqual({
      defaultServer: 'http://127.0.0.1:3000',
      askedServer: 'http://127.0.0.1:3000',
      userDataDir: null,
      devServer: null,
      logLevel: 'info',
      checkAnswers: false,
    });
  });

  it.each([
    'http://example.org/',
    'http://127.0.0.1.example.org/',
    'https://127.0.0.1:5173',
    'file:///tmp/index.html',
    'http://192.168.1.4:5173',
    'nonsense',
    '',
  ])('takes no page from %s', (address) => {
    expect(readEnvironment({ RELAY_DEV_SERVER: address }, false).devServer).toBeNull();
  });

  it('takes no relative folder', () => {
    expect(readEnvironment({ RELAY_USER_DATA: 'data' }, false).userDataDir).toBeNull();
  });
});
