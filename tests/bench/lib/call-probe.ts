/** What a page's calls leave behind, counted from within. Nothing that is over is held on to: it would count as memory. */
import type { Page } from '@playwright/test';

interface Probe {
  connections: Set<RTCPeerConnection>;
  tracks: Set<MediaStreamTrack>;
}

declare global {
  interface Window {
    callProbe?: Probe;
  }
}

/** Put there before the first call. */
export async function probeCalls(page: Page): Promise<void> {
  await page.evaluate(() => {
    const probe: Probe = { connections: new Set(), tracks: new Set() };
    window.callProbe = probe;
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      for (const track of stream.getTracks()) probe.tracks.add(track);
      return stream;
    };
    const Connection = RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        probe.connections.add(this);
      }
    };
  });
}

/** Connections and devices that are still open; those that are not are forgotten. */
export function callLeftovers(page: Page): Promise<number> {
  return page.evaluate(() => {
    const probe = window.callProbe;
    if (!probe) throw new Error('the page has no probe');
    for (const one of probe.connections) if (one.signalingState === 'closed') probe.connections.delete(one);
    for (const one of probe.tracks) if (one.readyState === 'ended') probe.tracks.delete(one);
    return probe.connections.size + probe.tracks.size;
  });
}

/** When the first frame of the picture with this name was presented, in milliseconds since the epoch. */
export function firstFrame(page: Page, name: string): Promise<number> {
  return page.evaluate(
    (label) =>
      new Promise<number>((resolve, reject) => {
        const begun = performance.now();
        const look = (): void => {
          const video = [...document.querySelectorAll('video')].find((one) => one.getAttribute('aria-label') === label);
          if (video) video.requestVideoFrameCallback(() => resolve(performance.timeOrigin + performance.now()));
          else if (performance.now() - begun > 20_000) reject(new Error(`no picture of ${label}`));
          else requestAnimationFrame(look);
        };
        look();
      }),
    name,
  );
}
