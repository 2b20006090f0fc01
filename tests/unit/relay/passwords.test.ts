import { describe, expect, test } from 'vitest';
import {
  createPasswords,
  DEFAULT_COST,
  hashPassword,
  verifyPassword,
  type PasswordCost,
} from '../../../relay/services/passwords.ts';

const cheap: PasswordCost = { memoryKiB: 64, passes: 1, scryptLogN: 4 };
const ROOM = { hashesAtOnce: 2, waitingHashes: 64, waitingHashesPerAddress: 64 };

describe.each(['argon2id', 'scrypt'] as const)('%s', (algorithm) => {
  test('the hash names its algorithm, holds its own salt, and verifies', async () => {
    const [one, two] = await Promise.all([
      hashPassword('secret', cheap, algorithm),
      hashPassword('secret', cheap, algorithm),
    ]);
    expect(one).toMatch(algorithm === 'argon2id' ? /^\$argon2id\$v=19\$m=64,t=1,p=1\$/ : /^\$scrypt\$ln=4,r=8,p=1\$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword('secret', one)).toBe(true);
    expect(await verifyPassword('secret', two)).toBe(true);
    expect(await verifyPassword('Secret', one)).toBe(false);
    expect(await verifyPassword('', one)).toBe(false);
  });
});

test('a hash costs what is said by default, and no stored one may cost sixteen times that', async () => {
  expect(DEFAULT_COST).toEqual({ memoryKiB: 19_456, passes: 2, scryptLogN: 15 });
  const dear = (memory: number, passes: number): string =>
    `$argon2id$v=19$m=${String(memory)},t=${String(passes)},p=1$c29tZXNhbHQ$aGFzaA`;
  await expect(verifyPassword('x', dear(262_145, 1))).rejects.toThrow('too high a cost');
  await expect(verifyPassword('x', dear(64, 17))).rejects.toThrow('too high a cost');
  expect(await verifyPassword('x', dear(64, 16))).toBe(false);
  await expect(verifyPassword('x', '$scrypt$ln=19,r=8,p=1$c29tZXNhbHQ$aGFzaA')).rejects.toThrow('too high a cost');
});

test('a hash holds sixteen bytes of salt and thirty-two of key', async () => {
  for (const algorithm of ['argon2id', 'scrypt'] as const) {
    const [salt = '', key = ''] = (await hashPassword('secret', cheap, algorithm)).split('$').slice(-2);
    expect([Buffer.from(salt, 'base64').length, Buffer.from(key, 'base64').length]).toEqual([16, 32]);
    expect(salt + key).not.toContain('=');
  }
});

test('a stored key of another length is another password', async () => {
  const hash = await hashPassword('secret', cheap, 'scrypt');
  expect(await verifyPassword('secret', hash.slice(0, -6))).toBe(false);
});

test('a letter typed composed or decomposed is the same password', async () => {
  const hash = await hashPassword('\u00FCber-geheim', cheap);
  expect(await verifyPassword('u\u0308ber-geheim', hash)).toBe(true);
});

test.each([
  ['an empty text', ''],
  ['a plain password', 'secret'],
  ['another algorithm', '$2b$10$abcdefghijklmnopqrstuv'],
  ['gigabytes of memory', '$argon2id$v=19$m=9999999,t=1,p=1$c2FsdHNhbHQ$aGFzaA'],
  ['a thousand passes', '$argon2id$v=19$m=64,t=999,p=1$c2FsdHNhbHQ$aGFzaA'],
  ['a scrypt that needs all memory', '$scrypt$ln=30,r=8,p=1$c2FsdHNhbHQ$aGFzaA'],
])('a stored text that is %s is refused and not run', async (_what, stored) => {
  await expect(verifyPassword('secret', stored)).rejects.toThrow();
});

test('nobody by that name costs as much as a wrong password', async () => {
  const cost: PasswordCost = { memoryKiB: 8192, passes: 2, scryptLogN: 14 };
  const passwords = createPasswords(cost, ROOM);
  const stored = await passwords.hash('secret', 'here');
  // The processor's time and not the clock's: other tests run beside this one. The best of some rounds is the cost.
  const costOf = async (hash: string | null): Promise<number> => {
    const before = process.cpuUsage();
    expect(await passwords.verify('wrong', hash, 'here')).toBe(false);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await costOf(null);
  let [wrong, nobody] = [Infinity, Infinity];
  for (let round = 0; round < 12; round += 1) {
    wrong = Math.min(wrong, await costOf(stored));
    nobody = Math.min(nobody, await costOf(null));
  }
  expect(nobody / wrong).toBeGreaterThan(0.6);
  expect(nobody / wrong).toBeLessThan(1.6);
});

test('more than may wait are refused, and the place is given back', async () => {
  const passwords = createPasswords(cheap, { hashesAtOnce: 1, waitingHashes: 1, waitingHashesPerAddress: 1 });
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((word) => passwords.hash(word, 'here')));
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(outcomes[2]).toMatchObject({ reason: { code: 'rate_limited', statusCode: 429, retryAfterMs: 1000 } });
  await expect(passwords.hash('d', 'here')).resolves.toBeTypeOf('string');
});

test.each([
  '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
])('what the reference implementation made verifies: %s', async (stored) => {
  expect(await verifyPassword('password', stored)).toBe(true);
  expect(await verifyPassword('passwore', stored)).toBe(false);
});
