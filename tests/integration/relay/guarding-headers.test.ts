/** What every answer carries for browsers, whether it is an answer or a refusal. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());

const GUARDING = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'cache-control': 'no-store',
};

test.each([
  ['an answer', '/api/capabilities', 200],
  ['a refusal', '/api/chats', 401],
  ['what is not there', '/api/nothing', 404],
])('%s has them', async (_name, path, status) => {
  for (let round = 0; round < 2; round += 1) {
    const answer = await fetch(new URL(path, relay.url));
    await answer.arrayBuffer();
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject(GUARDING);
    expect(answer.headers.get('x-powered-by')).toBeNull();
  }
});
