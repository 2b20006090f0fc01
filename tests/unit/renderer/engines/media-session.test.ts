// @vitest-environment happy-dom
/** What the system is told of the music, and what its keys do. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSystemSession, type SessionTrack } from '../../../../renderer/src/engines/media-session.ts';

class Metadata {
  readonly words: MediaMetadataInit;
  constructor(words: MediaMetadataInit) {
    this.words = words;
  }
}

/** The browser's session, as far as it is used. */
function fakeSystem() {
  const handlers = new Map<string, MediaSessionActionHandler>();
  const places: unknown[] = [];
  const system = {
    metadata: null as unknown,
    playbackState: 'none',
    setActionHandler(action: string, handler: MediaSessionActionHandler | null) {
      if (handler === null) handlers.delete(action);
      else handlers.set(action, handler);
    },
    setPositionState: (place?: unknown) => places.push(place ?? 'none'),
  };
  return { system: system as unknown as MediaSession, seen: system, handlers, places };
}

const track = (more: Partial<SessionTrack> = {}): SessionTrack => ({
  title: 'Slow Light',
  artist: 'Paper Harbour',
  album: '',
  cover: null,
  ...more,
});
const pressed: string[] = [];
const hands = {
  play: () => void pressed.push('play'),
  pause: () => void pressed.push('pause'),
  next: () => void pressed.push('next'),
  previous: () => void pressed.push('previous'),
  stop: () => void pressed.push('stop'),
  seek: (to: number) => void pressed.push(`seek ${String(to)}`),
  seekBy: (by: number) => void pressed.push(`by ${String(by)}`),
};

beforeEach(() => {
  pressed.length = 0;
  vi.stubGlobal('MediaMetadata', Metadata);
});
afterEach(() => void vi.unstubAllGlobals());

test('every key does what it says, as long as there is music', () => {
  const { system, handlers } = fakeSystem();
  const session = createSystemSession(hands, system);
  expect([...handlers]).toEqual([]);
  session.show(track());
  for (const [action, handler] of handlers) handler({ action: action as MediaSessionAction, seekTime: 42 });
  handlers.get('seekforward')?.({ action: 'seekforward', seekOffset: 30 });
  expect(pressed).toEqual(['play', 'pause', 'stop', 'next', 'previous', 'seek 42', 'by 10', 'by -10', 'by 30']);
});

test('with the last track everything is let go', () => {
  const { system, seen, handlers, places } = fakeSystem();
  const session = createSystemSession(hands, system);
  session.show(track());
  session.playing(true);
  session.place({ duration: 10, position: 11, rate: 1 });
  expect([seen.playbackState, places]).toEqual(['playing', [{ duration: 10, position: 10, playbackRate: 1 }]]);
  session.show(null);
  expect([seen.metadata, seen.playbackState, handlers.size, places.at(-1)]).toEqual([null, 'none', 0, 'none']);
});

test('a cover comes from the page’s own memory, and a late one of an earlier track is not shown', async () => {
  const { system, seen } = fakeSystem();
  const answers: ((value: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push(resolve)));
  const session = createSystemSession(hands, system);
  session.show(track({ cover: './media/one' }));
  session.show(track({ title: 'North Room', cover: './media/two' }));
  const picture = (): Response => new Response(new Blob(['x'], { type: 'image/jpeg' }));
  answers[0]?.(picture());
  await new Promise((resolve) => setTimeout(resolve));
  const shown = (): MediaMetadataInit | null => (seen.metadata instanceof Metadata ? seen.metadata.words : null);
  expect(shown()).toEqual({ title: 'North Room', artist: 'Paper Harbour', album: '' });
  answers[1]?.(picture());
  await vi.waitFor(() => expect(shown()?.artwork?.[0]?.src).toMatch(/^blob:/));
  expect(shown()?.title).toBe('North Room');
});
