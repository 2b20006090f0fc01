import { describe, expect, test } from 'vitest';
import { isLoopback } from '../../../relay/http/address.ts';
import { checkStart, readSettings } from '../../../relay/settings.ts';
import { StartError } from '../../../relay/start-error.ts';

test('nothing set: loopback, 3000, a folder here, all extensions, no password', () => {
  expect(readSettings({})).toEqual({
    host: '127.0.0.1',
    port: 3000,
    dataDir: './relay-data',
    logLevel: 'info',
    limits: {},
    demo: false,
    capabilities: [
      'idempotency',
      'cursors',
      'sync',
      'message-read',
      'chat-pages',
      'presence',
      'resumable-upload',
      'files',
      'music',
      'calls',
      'turn',
      'admin',
    ],
  });
});

test('STUN and TURN servers, with the secret that they share with the node', () => {
  const secret = 'a shared secret of some length';
  expect(readSettings({ RELAY_STUN_URLS: 'stun:stun.example.org, stuns:stun.example.org:5349' }).ice).toEqual({
    stun: ['stun:stun.example.org', 'stuns:stun.example.org:5349'],
  });
  const urls = ['turn:turn.example.org:3478?transport=udp', 'turns:[2001:db8::1]:5349'];
  expect(
    readSettings({ RELAY_TURN_URLS: urls.join(), RELAY_TURN_SECRET: secret, RELAY_TURN_MINUTES: '5' }).ice,
  ).toEqual({
    turn: { urls, secret, lifetimeMs: 300_000 },
  });
  for (const wrong of [
    { RELAY_STUN_URLS: 'https://stun.example.org' },
    { RELAY_STUN_URLS: 'turn:turn.example.org' },
    { RELAY_STUN_URLS: 'stun:user@stun.example.org' },
    { RELAY_TURN_URLS: 'turn:turn.example.org?transport=sctp', RELAY_TURN_SECRET: secret },
    { RELAY_TURN_URLS: 'turn:turn.example.org' },
    { RELAY_TURN_URLS: 'turn:turn.example.org', RELAY_TURN_SECRET: 'short' },
    { RELAY_TURN_SECRET: secret },
    { RELAY_STUN_URLS: Array.from({ length: 9 }, (_, n) => `stun:s${String(n)}.example.org`).join() },
  ]) {
    expect(() => readSettings(wrong), JSON.stringify(wrong)).toThrow(StartError);
  }
});

test('an empty variable is as one that is not set', () => {
  const names = [
    'HOST',
    'PORT',
    'DATA_DIR',
    'ADMIN_PASSWORD',
    'JWT_SECRET',
    'DATABASE_URL',
    'LOG',
    'DEMO',
    'TRUST_PROXY',
    'CAPABILITIES',
    'ALLOWED_HOSTS',
    'SENDS_PER_SECOND',
  ];
  const env = Object.fromEntries(names.map((name) => [`RELAY_${name}`, '']));
  expect(readSettings(env)).toEqual(readSettings({}));
});

test('what is set is taken, in the units of the options', () => {
  const settings = readSettings({
    RELAY_HOST: '0.0.0.0',
    RELAY_PORT: '0',
    RELAY_DATA_DIR: '/srv/relay',
    RELAY_ADMIN_PASSWORD: 'long enough',
    RELAY_JWT_SECRET: 'x'.repeat(32),
    RELAY_DATABASE_URL: 'postgresql://relay:s%40fe@db.example:5433/relay?sslmode=require',
    RELAY_LOG: 'warn',
    RELAY_TOKEN_DAYS: '7',
    RELAY_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8',
    RELAY_CAPABILITIES: 'idempotency, sync',
    RELAY_LOGIN_FAILURES: '9',
    RELAY_EVENT_DAYS: '2',
    RELAY_ALLOWED_HOSTS: 'relay.example, ::1',
    RELAY_SEND_KILOBYTES_BURST: '64',
  });
  expect(settings).toMatchObject({
    host: '0.0.0.0',
    port: 0,
    databaseUrl: 'postgresql://relay:s%40fe@db.example:5433/relay?sslmode=require',
    tokenLifetimeMs: 7 * 86_400_000,
    trustProxy: ['127.0.0.1', '10.0.0.0/8'],
    capabilities: ['idempotency', 'sync'],
    allowedHosts: ['relay.example', '::1'],
    limits: { loginFailures: 9, eventsMs: 2 * 86_400_000, sendBytesBurst: 65_536 },
  });
  expect(readSettings({ RELAY_CAPABILITIES: 'none' }).capabilities).toEqual([]);
});

describe('a wrong value is one line that names the variable', () => {
  test.each([
    [{ RELAY_PORT: 'http' }, 'RELAY_PORT'],
    [{ RELAY_PORT: '-1' }, 'RELAY_PORT'],
    [{ RELAY_PORT: '65536' }, 'RELAY_PORT'],
    [{ RELAY_PORT: '3e3' }, 'RELAY_PORT'],
    [{ RELAY_PORT: ' 3000' }, 'RELAY_PORT'],
    [{ RELAY_JWT_SECRET: 'short' }, 'RELAY_JWT_SECRET'],
    [{ RELAY_DATABASE_URL: 'mysql://db.example/relay' }, 'RELAY_DATABASE_URL'],
    [{ RELAY_DATABASE_URL: 'postgres://db.example' }, 'RELAY_DATABASE_URL'],
    [{ RELAY_DATABASE_URL: 'db.example' }, 'RELAY_DATABASE_URL'],
    [{ RELAY_LOG: 'loud' }, 'RELAY_LOG'],
    [{ RELAY_TRUST_PROXY: 'nginx' }, 'RELAY_TRUST_PROXY'],
    [{ RELAY_TRUST_PROXY: '10.0.0.0/33' }, 'RELAY_TRUST_PROXY'],
    [{ RELAY_TRUST_PROXY: '10.0.0.1, ::1/129' }, 'RELAY_TRUST_PROXY'],
    [{ RELAY_ALLOWED_HOSTS: 'https://relay.example' }, 'RELAY_ALLOWED_HOSTS'],
    [{ RELAY_ALLOWED_HOSTS: 'relay.example:443' }, 'RELAY_ALLOWED_HOSTS'],
    [{ RELAY_SENDS_PER_SECOND: '0' }, 'RELAY_SENDS_PER_SECOND'],
    [{ RELAY_TOKEN_DAYS: '0' }, 'RELAY_TOKEN_DAYS'],
    [{ RELAY_LOGIN_FAILURES: 'many' }, 'RELAY_LOGIN_FAILURES'],
    [{ RELAY_CAPABILITIES: 'sync,telepathy' }, 'RELAY_CAPABILITIES'],
    [{ RELAY_ADMIN_PASSWORD: '12345' }, 'RELAY_ADMIN_PASSWORD'],
    [{ RELAY_ADMIN_PASSWORD: 'admin123' }, 'RELAY_ADMIN_PASSWORD'],
    [{ RELAY_DEMO: '1', RELAY_HOST: '0.0.0.0' }, 'RELAY_HOST'],
    [{ RELAY_DEMO: '1', RELAY_HOST: '192.168.0.2' }, 'RELAY_HOST'],
    [{ RELAY_DEMO: 'yes', RELAY_ADMIN_PASSWORD: 'admin123' }, 'RELAY_ADMIN_PASSWORD'],
  ])('%j', (env, name) => {
    const read = (): unknown => readSettings(env);
    expect(read).toThrow(StartError);
    expect(read).toThrow(new RegExp(`^[^\\n]*${name}[^\\n]*$`));
  });
});

test('the known pair is allowed in a demonstration on the loopback interface, and nowhere else', () => {
  expect(readSettings({ RELAY_DEMO: '1' }).adminPassword).toBe('admin123');
  expect(readSettings({ RELAY_DEMO: '1', RELAY_ADMIN_PASSWORD: 'own word' }).adminPassword).toBe('own word');
  expect(() => checkStart({ host: '127.0.0.1', demo: false, adminPassword: 'admin123' })).toThrow('known password');
  expect(() => checkStart({ host: '0.0.0.0', demo: true })).toThrow('loopback');
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['::ffff:127.0.0.1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['0.0.0.0', false],
  ['127.0.0.1.example.org', false],
  ['::', false],
])('isLoopback %s', (host, loopback) => expect(isLoopback(host)).toBe(loopback));
