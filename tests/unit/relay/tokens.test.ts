import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { createTokens } from '../../../relay/services/tokens.ts';

const secret = randomBytes(32);
const HOUR = 3_600_000;
let now = 1_800_000_000_000;
const tokens = createTokens(secret, HOUR, () => now);
const claims = { userId: 'user1', version: 1, scope: 'user' as const };

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(now / 1000);
const payload = () => ({
  ver: 1,
  scope: 'user',
  sub: 'user1',
  iss: 'relay',
  aud: 'relay',
  iat: seconds(),
  exp: seconds() + 60,
});

/** A token with a right signature over whatever header and payload are given. */
function forge(header: unknown, body: unknown, key: Buffer | string = secret): string {
  const signed = `${encode(header)}.${encode(body)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
const header = { alg: 'HS256', typ: 'JWT' };

test('what it signs it verifies, with the time of its end', async () => {
  const token = await tokens.sign(claims);
  expect(await tokens.verify(token)).toEqual({ ...claims, expiresAt: now + HOUR });
  expect(await tokens.verify(await tokens.sign({ ...claims, scope: 'admin', version: 7 }))).toMatchObject({
    scope: 'admin',
    version: 7,
  });
});

test('the forger of this test makes good tokens when nothing is wrong', async () => {
  expect(await tokens.verify(forge(header, payload()))).toMatchObject({ userId: 'user1' });
});

test('a token ends', async () => {
  const token = await tokens.sign(claims);
  now += HOUR - 1000;
  expect(await tokens.verify(token)).not.toBeNull();
  now += 1000;
  expect(await tokens.verify(token)).toBeNull();
});

test('a token is no longer than two thousand letters and some', async () => {
  const longest = (length: number): string => {
    let token = '';
    for (let more = length - 500; token.length < length; more += 1)
      token = forge(header, { ...payload(), more: 'x'.repeat(Math.floor((more * 3) / 4)) });
    return token;
  };
  const token = longest(2_040);
  expect(token.length).toBeLessThanOrEqual(2_048);
  expect(await tokens.verify(token)).not.toBeNull();
  expect(await tokens.verify(longest(2_049))).toBeNull();
});

test('one token is one text: the spare bits of its last letter are not free', async () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const token = forge(header, payload());
  const spelt = letters.indexOf(token.at(-1) ?? '');
  const spellings = [0, 1, 2, 3].map((bits) => token.slice(0, -1) + (letters[(spelt & ~3) + bits] ?? ''));
  expect(
    new Set(spellings.map((text) => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex'))).size,
  ).toBe(1);
  const verified = await Promise.all(spellings.map((text) => tokens.verify(text)));
  expect(verified.filter((claim) => claim !== null)).toHaveLength(1);
});

describe('a token that was verified before', () => {
  test('is not verified again, and ends all the same', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify');
    const token = await tokens.sign(claims);
    expect(await tokens.verify(token)).toEqual(await tokens.verify(token));
    expect(verify).toHaveBeenCalledTimes(1);
    now += HOUR;
    expect(await tokens.verify(token)).toBeNull();
    now -= HOUR;
    expect(await tokens.verify(token)).not.toBeNull();
    expect(verify, 'forgotten when it ended').toHaveBeenCalledTimes(2);
    verify.mockRestore();
  });

  test('vouches for no other text, and for no other node', async () => {
    const token = await tokens.sign({ ...claims, scope: 'admin' });
    expect(await tokens.verify(token)).not.toBeNull();
    const [head, body = '', signature] = token.split('.');
    const other = Buffer.from(body, 'base64url').toString().replace('user1', 'user2');
    const forged = [head, Buffer.from(other).toString('base64url'), signature].join('.');
    expect(await tokens.verify(forged)).toBeNull();
    expect(await tokens.verify(`${token} `)).toBeNull();
    expect(await createTokens(randomBytes(32), HOUR, () => now).verify(token)).toBeNull();
  });

  test('makes room when there are too many: the one unused for the longest time', async () => {
    const small = createTokens(secret, HOUR, () => now, 2);
    const verify = (token = '') => small.verify(token);
    const [first, second, third] = await Promise.all([1, 2, 3].map((version) => small.sign({ ...claims, version })));
    for (const token of [first, second, first, third]) await verify(token);
    const checks = vi.spyOn(crypto.subtle, 'verify');
    await verify(first);
    expect(checks).toHaveBeenCalledTimes(0);
    await verify(second);
    expect(checks).toHaveBeenCalledTimes(1);
    checks.mockRestore();
  });
});

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' });

describe('refused', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['nothing', () => ''],
    ['no token', () => 'hello'],
    ['three dots', () => '...'],
    ['another secret', () => forge(header, payload(), randomBytes(32))],
    ['a public key as the secret', () => forge(header, payload(), pem.toString())],
    ['alg none', () => new UnsecuredJWT(payload()).encode()],
    ['alg none with a signature', () => forge({ alg: 'none', typ: 'JWT' }, payload())],
    ['alg nOnE', () => forge({ alg: 'nOnE', typ: 'JWT' }, payload())],
    ['HS512', () => new SignJWT(payload()).setProtectedHeader({ alg: 'HS512', typ: 'JWT' }).sign(randomBytes(64))],
    ['alg HS384 over an HS256 signature', () => forge({ alg: 'HS384', typ: 'JWT' }, payload())],
    ['no typ', () => forge({ alg: 'HS256' }, payload())],
    ['another typ', () => forge({ alg: 'HS256', typ: 'at+jwt' }, payload())],
    ['kid that is a path', () => forge({ ...header, kid: '../../../dev/null' }, payload())],
    ['kid that is SQL', () => forge({ ...header, kid: "' UNION SELECT 'key" }, payload())],
    ['jku', () => forge({ ...header, jku: 'http://127.0.0.1/keys' }, payload())],
    ['jwk', () => forge({ ...header, jwk: { kty: 'oct', k: 'AAAA' } }, payload())],
    ['x5u', () => forge({ ...header, x5u: 'http://127.0.0.1/cert' }, payload())],
    ['crit', () => forge({ ...header, crit: ['exp'], exp: 1 }, payload())],
    ['b64 false', () => forge({ ...header, crit: ['b64'], b64: false }, payload())],
    ['wrong issuer', () => forge(header, { ...payload(), iss: 'other' })],
    ['wrong audience', () => forge(header, { ...payload(), aud: 'other' })],
    ['no issuer', () => forge(header, { ...payload(), iss: undefined })],
    ['exp as a string', () => forge(header, { ...payload(), exp: String(seconds() + 60) })],
    ['exp negative', () => forge(header, { ...payload(), exp: -1 })],
    ['exp missing', () => forge(header, { ...payload(), exp: undefined })],
    ['exp past', () => forge(header, { ...payload(), exp: seconds() - 1 })],
    ['not before', () => forge(header, { ...payload(), nbf: seconds() + 60 })],
    ['iat as a string', () => forge(header, { ...payload(), iat: 'now' })],
    ['sub that is SQL', () => forge(header, { ...payload(), sub: "' OR 1=1 --" })],
    ['sub that is an object', () => forge(header, { ...payload(), sub: { $gt: 0 } })],
    ['a scope nobody gave', () => forge(header, { ...payload(), scope: 'root' })],
    ['a version that is no number', () => forge(header, { ...payload(), ver: '1' })],
    ['20 KB of claims', () => forge(header, { ...payload(), more: 'x'.repeat(20_000) })],
    ['a payload that is a list', () => forge(header, [payload()])],
    ['padding', () => `${forge(header, payload())}=`],
    ['a blank inside', () => forge(header, payload()).replace('.', '. ')],
    ['one byte of the signature changed', () => `${forge(header, payload()).slice(0, -2)}AA`],
  ])('%s', async (_what, make) => expect(await tokens.verify(await make())).toBeNull());
});
