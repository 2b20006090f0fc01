import { expect, test } from 'vitest';
import { isLoopback } from '../../../../renderer/src/features/auth/server-probe.ts';

test.each([
  ['http://localhost:3000', true],
  ['http://127.0.0.1', true],
  ['http://[::1]:3000', true],
  ['http://relay.localhost', true],
  ['http://127.0.0.1.example.org', false],
  ['http://localhost.example.org', false],
  ['https://relay.example.org', false],
  ['nonsense', false],
])('%s on this computer: %s', (url, want) => {
  expect(isLoopback(url)).toBe(want);
});
