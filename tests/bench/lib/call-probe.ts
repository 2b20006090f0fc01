/** What a page's calls do and leave behind, from within. Nothing that is over is held on to: it would count as memory. */
import type { Page } from '@playwright/test';

interface Probe {
  connections: Set<RTCPeerConnection>;
  tracks: Set<MediaStreamTrack>;
  /** When each step of the call was first passed, in milliseconds since the epoch. */
  marks: Map<string, number>;
}

declare global {
  interface Window {
    callProbe?: Probe;
  }
}

/** Put there before the first call. */
export async function probeCalls(page: Page): Promise<void> {
  await page.evaluate(() => {
    const probe: Probe = { connections: new Set(), tracks: new Set(), marks: new Map() };
    window.callProbe = probe;
    const mark = (what: string): void => {
      if (!probe.marks.has(what)) probe.marks.set(what, performance.timeOrigin + performance.now());
    };
    // The last press before the call is the one that accepts it.
    document.addEventListener(
      'click',
      ({ timeStamp }) => probe.marks.set('pressed', performance.timeOrigin + timeStamp),
      true,
    );
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const device = constraints?.video ? 'camera' : 'microphone';
      mark(`${device} asked for`);
      const stream = await open(constraints);
      mark(`${device} open`);
      for (const track of stream.getTracks()) probe.tracks.add(track);
      return stream;
    };
    const Connection = RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        probe.connections.add(this);
        mark('connection made');
        this.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate) mark(`first candidate (${candidate.type ?? ''})`);
        });
        this.addEventListener('iceconnectionstatechange', () => mark(`ICE ${this.iceConnectionState}`));
        this.addEventListener('connectionstatechange', () => mark(`connection ${this.connectionState}`));
        this.addEventListener('track', ({ track }) => {
          track.addEventListener('unmute', () => mark(`first ${track.kind} packet`));
        });
      }
      override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
        mark(`${description.type} received`);
        await super.setRemoteDescription(description);
        mark(`${description.type} applied`);
      }
      override async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
        await super.setLocalDescription(description);
        mark(`${this.localDescription?.type ?? ''} made`);
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

/** Forgets the steps of the call before. */
export function forgetMarks(page: Page): Promise<void> {
  return page.evaluate(() => window.callProbe?.marks.clear());
}

/** When each step of this call was first passed, in milliseconds since the epoch. */
export async function takeMarks(page: Page): Promise<Map<string, number>> {
  return new Map(await page.evaluate(() => [...(window.callProbe?.marks ?? [])]));
}

/** Whether there is a way yet, and how its near end is known: `host`, `prflx`, or for a relay how it is reached. */
export function wayOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const entries = new Map<string, Record<string, unknown>>();
    for (const one of window.callProbe?.connections ?? []) {
      if (one.signalingState === 'closed') continue;
      (await one.getStats()).forEach((entry: Record<string, unknown>) => entries.set(String(entry['id']), entry));
    }
    const pair = [...entries.values()].find((one) => one['type'] === 'candidate-pair' && one['nominated'] === true);
    const near = entries.get(String(pair?.['localCandidateId']));
    return near?.['candidateType'] === 'relay'
      ? `relay ${String(near['relayProtocol'])}`
      : String(near?.['candidateType']);
  });
}

/** Of the black picture that stands in for a camera, in pixels: no camera's. */
const FILLER_WIDTH = 160;

/**
 * When the first frame of the camera with this name was presented, in milliseconds since the epoch: the black picture that
 * is sent until a camera is open does not count.
 */
export function firstFrame(page: Page, name: string): Promise<number> {
  return page.evaluate(
    ([label, filler]) =>
      new Promise<number>((resolve, reject) => {
        const begun = performance.now();
        const isLate = (): boolean => performance.now() - begun > 20_000;
        const probe = window.callProbe;
        const look = (): void => {
          const video = [...document.querySelectorAll('video')].find((one) => one.getAttribute('aria-label') === label);
          if (video) video.requestVideoFrameCallback((_now, { width }) => seen(width));
          else if (isLate()) reject(new Error(`no picture of ${label}`));
          else requestAnimationFrame(look);
        };
        const seen = (width: number): void => {
          const at = performance.timeOrigin + performance.now();
          if (width > filler) {
            probe?.marks.set('picture', at);
            return resolve(at);
          }
          if (probe && !probe.marks.has('black picture')) probe.marks.set('black picture', at);
          if (isLate()) reject(new Error(`only black of ${label}`));
          else look();
        };
        look();
      }),
    [name, FILLER_WIDTH] as const,
  );
}
