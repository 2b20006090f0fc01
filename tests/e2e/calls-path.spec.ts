/** The way between two callers: cut in the middle of a call, and asked for from both sides at once. */
import { expect, type Page } from '@playwright/test';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { CALL_FLAGS } from '../helpers/call-flags.ts';
import { startTestRelay } from '../helpers/relay.ts';
import { createUdpProxy, type UdpProxy } from '../helpers/udp-proxy.ts';
import { button, connected, region, timer, twoOn } from './lib/call-world.ts';
import { test } from './lib/world.ts';

test.use({
  launchOptions: {
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: [...CALL_FLAGS],
  },
});

/** From now on this page reaches the other side through the proxy only. */
async function goThrough(page: Page, proxy: UdpProxy): Promise<void> {
  await page.exposeFunction('viaProxy', (host: string, port: number) => proxy.via(host, port));
  await page.evaluate(() => {
    const { viaProxy } = window as unknown as { viaProxy: (host: string, port: number) => Promise<number> };
    /** The candidate with the proxy's port in place of its own; null for those that are not UDP over IPv4. */
    async function led(line: string): Promise<string | null> {
      const parts = line.split(' ');
      const [protocol, host = '', port = ''] = [parts[2], parts[4], parts[5]];
      if (protocol?.toLowerCase() !== 'udp' || !/^\d+(\.\d+){3}$/.test(host)) return null;
      parts[5] = String(await viaProxy(host, Number(port)));
      return parts.join(' ');
    }
    const Connection = RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
      override async addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
        const line = await led(candidate?.candidate ?? '');
        if (line !== null) await super.addIceCandidate({ ...candidate, candidate: line });
      }
      override async setRemoteDescription({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
        const lines = await Promise.all(
          sdp.split('\r\n').map(async (line) => {
            if (!line.startsWith('a=candidate:')) return line;
            const other = await led(line.slice('a='.length));
            return other === null ? null : `a=${other}`;
          }),
        );
        await super.setRemoteDescription({ type, sdp: lines.filter((line) => line !== null).join('\r\n') });
      }
    };
  });
}

/** The name of the ICE session that the last connection uses. */
const sessionOf = (page: Page): Promise<string | null> =>
  page.evaluate(() => {
    const sdp = window.counted?.connections.at(-1)?.currentLocalDescription?.sdp ?? '';
    return /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? null;
  });

/** Of a STUN message: the types of its attributes that carry something; none when it is no STUN message. */
function attributesOf(packet: Buffer): number[] {
  const types: number[] = [];
  if (packet.length < 20 || packet.readUInt32BE(4) !== 0x2112a442) return types;
  for (let at = 20; at + 4 <= packet.length;) {
    const length = packet.readUInt16BE(at + 2);
    if (length > 0) types.push(packet.readUInt16BE(at));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return types;
}

/** Of draft-hancke-webrtc-sped: a part of the handshake of DTLS. */
const DTLS_IN_STUN = 0xc070;

test('the handshake of DTLS travels in the checks of ICE', async ({ world, launch }) => {
  const relay = await startTestRelay();
  let carried = 0;
  const proxy = createUdpProxy(undefined, (packet) => {
    if (attributesOf(packet).includes(DTLS_IN_STUN)) carried += 1;
  });
  const pair = await twoOn(relay, world, launch);
  for (const page of [pair.anna, pair.boris]) await goThrough(page, proxy);
  await connected(pair);
  await expect.poll(() => pair.hers.loudness()).toBeGreaterThan(0.02);
  expect(carried).toBeGreaterThan(0);
  await proxy.close();
  await relay.close();
});

test('a cut path: both are told, the call finds another way by an ICE restart, and both hear each other again', async ({
  world,
  launch,
}) => {
  test.slow();
  const relay = await startTestRelay();
  const proxy = createUdpProxy();
  const pair = await twoOn(relay, world, launch);
  const { anna, boris, hers, his } = pair;
  await goThrough(anna, proxy);
  await goThrough(boris, proxy);
  await connected(pair);
  await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
  const before = [await sessionOf(anna), await sessionOf(boris)];
  proxy.cut();
  for (const page of [anna, boris])
    await expect(region(page).getByRole('status')).toHaveText('Connection interrupted. Reconnecting…');
  expect(proxy.dropped).toBeGreaterThan(0);
  for (const page of [anna, boris]) await expect(timer(page)).toHaveText(/0:\d\d/, { timeout: 30_000 });
  await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
  await expect.poll(() => his.loudness()).toBeGreaterThan(0.02);
  // The same connection in a new ICE session.
  expect([await hers.allConnections(), await his.allConnections()]).toEqual([1, 1]);
  expect(await sessionOf(anna)).not.toBe(before[0]);
  expect(await sessionOf(boris)).not.toBe(before[1]);
  await button(anna, 'Hang up').click();
  for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
  await proxy.close();
  await relay.close();
});

test('both press call at once: one call, connected, and one line of history', async ({ world, launch }) => {
  const relay = await startTestRelay();
  const pair = await twoOn(relay, world, launch);
  const { anna, boris, hers, his, accountIds } = pair;
  const pages = [anna, boris] as const;
  for (let turn = 1; turn <= 3; turn++) {
    for (const page of pages) await expect(button(page, 'Start audio call')).toBeEnabled();
    // Without waiting for anything: the other one's ring may already be on its way, or there.
    const press = (page: Page) => page.locator('[aria-label="Start audio call"]').dispatchEvent('click');
    await Promise.all(pages.map(press));
    for (const page of pages) await expect(timer(page)).toHaveText(/0:\d\d/);
    for (const page of pages) await expect(page.getByRole('dialog', { name: 'Incoming call' })).toHaveCount(0);
    expect([await hers.openConnections(), await his.openConnections()]).toEqual([1, 1]);
    await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
    await button(anna, 'Hang up').click();
    for (const page of pages) await expect(region(page)).toHaveCount(0);
    for (const [n, page] of pages.entries()) {
      const history = await page.evaluate(
        (accountId) => window.relay.calls.history({ accountId, before: null, limit: 20 }),
        accountIds[n] ?? '',
      );
      expect(history.ok && history.value.calls.map(({ end }) => end)).toEqual(Array(turn).fill('hung_up'));
    }
  }
  await relay.close();
});
