/** Calls through the server's relays alone, with a real TURN server: by UDP, TCP and TLS. */
import { createHash, X509Certificate } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { CALL_FLAGS } from '../helpers/call-flags.ts';
import { makeAuthority } from '../helpers/certificates.ts';
import { startTestRelay, type TestRelay } from '../helpers/relay.ts';
import { hasTurnServer, startTurnServer, turnUrl, type TurnServer } from '../helpers/turn-server.ts';
import { createUdpProxy } from '../helpers/udp-proxy.ts';
import { button, connected, region, timer, twoOn } from './lib/call-world.ts';
import { test } from './lib/world.ts';

/** The certificate of the TURN server; its key is the one thing of its authority that the browser trusts. */
const tls = makeAuthority('An authority of this test').issue();
const trusted = createHash('sha256')
  .update(new X509Certificate(tls.cert).publicKey.export({ type: 'spki', format: 'der' }))
  .digest('base64');

test.use({
  launchOptions: {
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: [...CALL_FLAGS, `--ignore-certificate-errors-spki-list=${trusted}`],
  },
});
test.skip(!hasTurnServer(), 'there is no coturn here: `turnserver` was not found');

const SECRET = 'a shared secret of this test';
let turn: TurnServer;
test.beforeAll(async () => void (turn = await startTurnServer(SECRET, { tls })));
test.afterAll(() => turn.close());

const relayWith = (secret: string, url = turnUrl(turn, 'udp')): Promise<TestRelay> =>
  startTestRelay({ ice: { turn: { urls: [url], secret } } });

async function hideAddress(page: Page): Promise<void> {
  const place = new URL(page.url()).hash;
  await page.evaluate(() => (location.hash = '#/settings/calls'));
  const choice = page.getByRole('switch', { name: 'Hide my address in calls' });
  await choice.click();
  await expect(choice).toBeChecked();
  await page.evaluate((to) => (location.hash = to), place);
  await expect(button(page, 'Start audio call')).toBeVisible();
}

/** The kinds of the two ends of the way that is used, how its relay is reached, and the name that the server's relay knows this side by. */
const wayOf = (page: Page) =>
  page.evaluate(async () => {
    const connection = window.counted?.connections.at(-1);
    const entries = new Map<string, Record<string, unknown>>();
    (await connection?.getStats())?.forEach((entry: Record<string, unknown>) =>
      entries.set(String(entry['id']), entry),
    );
    const pair = [...entries.values()].find((one) => one['type'] === 'candidate-pair' && one['nominated'] === true);
    const kind = (end: string): unknown => entries.get(String(pair?.[end]))?.['candidateType'] ?? null;
    return {
      protocol: entries.get(String(pair?.['localCandidateId']))?.['relayProtocol'] ?? null,
      kinds: [kind('localCandidateId'), kind('remoteCandidateId')],
      name: connection?.getConfiguration().iceServers?.at(-1)?.username ?? null,
      policy: connection?.getConfiguration().iceTransportPolicy ?? null,
    };
  });

test('an address that is hidden: the call goes through the relay, which is asked anew when its path is cut', async ({
  world,
  launch,
}) => {
  test.slow();
  const proxy = createUdpProxy();
  const relay = await relayWith(
    SECRET,
    turnUrl({ tlsPort: null, port: await proxy.via('127.0.0.1', turn.port) }, 'udp'),
  );
  const pair = await twoOn(relay, world, launch);
  const { anna, boris, hers } = pair;
  await hideAddress(anna);
  await connected(pair);
  await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
  const before = await wayOf(anna);
  expect([before.policy, before.kinds[0]]).toEqual(['relay', 'relay']);
  // One side is enough: the other one does not see her address.
  expect((await wayOf(boris)).kinds[1]).not.toBe('host');

  proxy.cut();
  for (const page of [anna, boris])
    await expect(region(page).getByRole('status')).toHaveText('Connection interrupted. Reconnecting…');
  // New credentials for the new attempt: their names end at another second.
  await expect.poll(async () => (await wayOf(anna)).name).not.toBe(before.name);
  proxy.mend();
  for (const page of [anna, boris]) await expect(timer(page)).toHaveText(/0:\d\d/, { timeout: 30_000 });
  await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
  await button(anna, 'Hang up').click();
  for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
  await proxy.close();
  await relay.close();
});

/** Places that a TURN server has given so far. */
const placesOf = (server: TurnServer): number => server.output().match(/ALLOCATE processed, success/g)?.length ?? 0;

for (const way of ['udp', 'tcp', 'tls'] as const) {
  test(`by ${way.toUpperCase()}: the call goes through, and what was asked for while it rang is used`, async ({
    world,
    launch,
  }) => {
    const relay = await relayWith(SECRET, turnUrl(turn, way));
    const pair = await twoOn(relay, world, launch);
    const { anna, boris, hers, his } = pair;
    for (const page of [anna, boris]) await hideAddress(page);
    const before = placesOf(turn);
    await button(anna, 'Start audio call').click();
    await expect(button(boris, 'Accept')).toBeVisible();
    // Both have their place by then, and neither a device of his nor a word about him has left.
    await expect.poll(() => placesOf(turn) - before).toBe(2);
    expect(await his.liveTracks()).toBe(0);
    expect(await boris.evaluate(() => window.counted?.connections.at(-1)?.localDescription ?? null)).toBeNull();
    await button(boris, 'Accept').click();
    for (const page of [anna, boris]) await expect(timer(page)).toHaveText(/0:\d\d/);
    await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
    await expect.poll(() => his.loudness()).toBeGreaterThan(0.02);
    for (const page of [anna, boris]) {
      const { kinds, protocol } = await wayOf(page);
      expect([...kinds, protocol]).toEqual(['relay', 'relay', way]);
    }
    expect(placesOf(turn) - before).toBe(2);
    await button(anna, 'Hang up').click();
    for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
    await relay.close();
  });
}

test('a certificate that is not trusted: said within ten seconds, and the call can be ended', async ({
  world,
  launch,
}) => {
  const stranger = await startTurnServer(SECRET, { tls: makeAuthority('An authority that nobody knows').issue() });
  try {
    const relay = await relayWith(SECRET, turnUrl(stranger, 'tls'));
    const { anna, boris } = await twoOn(relay, world, launch);
    await hideAddress(anna);
    await button(anna, 'Start audio call').click();
    await button(boris, 'Accept').click();
    // The ten seconds begin when she hears that he has accepted.
    await expect(region(anna).getByRole('status')).toHaveText('Connecting…');
    await expect(region(anna).getByRole('status')).toHaveText('No relay server is reachable. Still trying…', {
      timeout: 12_000,
    });
    expect(placesOf(stranger)).toBe(0);
    await button(anna, 'Hang up').click();
    for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
    await relay.close();
  } finally {
    await stranger.close();
  }
});

test('credentials that the relay does not take: said within ten seconds, and the call can be ended', async ({
  world,
  launch,
}) => {
  const relay = await relayWith('another secret altogether');
  const { anna, boris } = await twoOn(relay, world, launch);
  await hideAddress(anna);
  await button(anna, 'Start audio call').click();
  await button(boris, 'Accept').click();
  await expect(region(anna).getByRole('status')).toHaveText('Connecting…');
  await expect(region(anna).getByRole('status')).toHaveText('No relay server is reachable. Still trying…', {
    timeout: 11_000,
  });
  await expect(region(boris).getByRole('status')).toHaveText('No route to the other side yet. Still trying…');
  await button(anna, 'Hang up').click();
  for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
  await relay.close();
});
