/** The system's media session: what plays, where it is, and the keys. Owned while there is something to show. */

export interface SessionTrack {
  title: string;
  artist: string;
  album: string;
  /** An address of the page's own origin; null for none. */
  cover: string | null;
}

export interface SessionPlace {
  /** Seconds, and how fast they pass. */
  duration: number;
  position: number;
  rate: number;
}

export interface SessionHands {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  stop(): void;
  /** To a second. */
  seek(to: number): void;
  /** By some seconds, negative for back. */
  seekBy(seconds: number): void;
}

export interface SystemSession {
  /** Takes the session, or with null lets it go. */
  show(track: SessionTrack | null): void;
  playing(now: boolean): void;
  place(place: SessionPlace): void;
}

/** Seconds of one press where the system names none. */
const STEP = 10;

const ACTIONS = [
  'play',
  'pause',
  'stop',
  'nexttrack',
  'previoustrack',
  'seekto',
  'seekforward',
  'seekbackward',
] as const;

/** Creates the owner of the session; `system` is the browser's. */
export function createSystemSession(
  hands: SessionHands,
  system: MediaSession | undefined = navigator.mediaSession,
): SystemSession {
  let cover: string | null = null;
  let shown = 0;

  function act(action: (typeof ACTIONS)[number], { seekTime, seekOffset }: MediaSessionActionDetails): void {
    switch (action) {
      case 'play':
        return hands.play();
      case 'pause':
        return hands.pause();
      case 'stop':
        return hands.stop();
      case 'nexttrack':
        return hands.next();
      case 'previoustrack':
        return hands.previous();
      case 'seekto':
        return seekTime === undefined ? undefined : hands.seek(seekTime);
      case 'seekforward':
        return hands.seekBy(seekOffset ?? STEP);
      case 'seekbackward':
        return hands.seekBy(-(seekOffset ?? STEP));
    }
  }

  function listen(on: boolean): void {
    for (const action of ACTIONS) system?.setActionHandler(action, on ? (details) => act(action, details) : null);
  }

  function dropCover(): void {
    if (cover !== null) URL.revokeObjectURL(cover);
    cover = null;
  }

  /** The system takes covers by `blob:` or the web's own schemes, and none of the application's. */
  async function fetchCover(track: SessionTrack, address: string, turn: number): Promise<void> {
    try {
      const answer = await fetch(address);
      if (!answer.ok) return;
      const picture = await answer.blob();
      if (turn !== shown || !system) return;
      dropCover();
      cover = URL.createObjectURL(picture);
      const { title, artist, album } = track;
      system.metadata = new MediaMetadata({ title, artist, album, artwork: [{ src: cover, type: picture.type }] });
    } catch (error) {
      // A cover that cannot be fetched is no reason to say more than its track.
      console.warn('the cover for the system could not be fetched', error);
    }
  }

  return {
    show(track) {
      shown += 1;
      if (!system) return;
      if (track === null) {
        dropCover();
        system.metadata = null;
        system.playbackState = 'none';
        system.setPositionState();
        return listen(false);
      }
      const { title, artist, album } = track;
      system.metadata = new MediaMetadata({ title, artist, album });
      listen(true);
      if (track.cover === null) dropCover();
      else void fetchCover(track, track.cover, shown);
    },
    playing(now) {
      if (system) system.playbackState = now ? 'playing' : 'paused';
    },
    place({ duration, position, rate }) {
      if (duration <= 0) return;
      system?.setPositionState({ duration, position: Math.min(Math.max(0, position), duration), playbackRate: rate });
    },
  };
}
