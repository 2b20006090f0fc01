/**
 * The media of one call: what is sent, what is heard and seen, and on which devices. It lives from the moment the call is
 * made or rings until its end, whatever screen is shown; no device is open before the call is accepted. Loaded with the
 * first call.
 */
import { ref, shallowReactive, watch } from 'vue';
import type { CallView } from '#contract/ipc/call-views.ts';
import {
  anotherMicrophone,
  createLoudspeaker,
  listDevices,
  openCamera,
  openMicrophone,
  openScreen,
  release,
  watchDevices,
  type MediaAnswer,
  type MediaDevices,
  type MediaProblem,
  type ShareFocus,
} from '../engines/call-media.ts';
import type { Slot } from '../engines/peer/connection.ts';
import { createFallbackTracks } from '../engines/peer/fallback-tracks.ts';
import { createSmallPicture } from '../engines/small-picture.ts';
import { createPeer, type Peer, type PeerEvent } from '../engines/peer/peer.ts';
import type { Quality } from '../engines/peer/quality.ts';
import { createCallLog } from './call-log.ts';
import type { CallMedia, CallSession, SessionParts, VolumeKind } from './call-session-types.ts';
import { lastOfMany } from './last-of-many.ts';
import { choiceOf, keptAfter, type DeviceChoice } from './kept-devices.ts';
import { plainServer } from './plain-server.ts';
import { createTogether } from './together/together.ts';
import { findTrack } from './together/tracks.ts';

export type { CallMedia, CallSession, VolumeKind, DeviceChoice, MediaDevices, MediaProblem, ShareFocus, Quality };

const NO_DEVICES: MediaDevices = { microphones: [], cameras: [], speakers: [] };
/** Above this loudness somebody speaks. */
const SPEECH = 0.02;
/** How long "speaking" stays after the last sound, in readings of the level. */
const SPEECH_READINGS = 3;
/** Milliseconds after the last change of a loudness in which it is kept. */
const KEEP_MS = 400;

/**
 * Starts the media of a call; of one that rings here only the connection, which looks for its servers meanwhile.
 * `again`: the page comes back into a running call.
 */
export function createCallSession(call: CallView, again: boolean, parts: SessionParts): CallSession {
  const media: CallMedia = shallowReactive({
    link: 'waiting',
    noRoute: false,
    relayOnly: parts.relayOnly,
    muted: false,
    camera: false,
    sharing: null,
    problems: { microphone: null, camera: null, screen: null },
    remote: null,
    speaking: false,
    quality: null,
    safety: null,
    own: { camera: null, screen: null },
    theirs: { camera: null, screen: null },
    devices: NO_DEVICES,
    choice: { microphone: '', camera: '', speaker: '' },
    volumes: { ...parts.volumes },
  });
  const speakers = { voice: createLoudspeaker(), share: createLoudspeaker() };
  for (const kind of ['voice', 'share'] as const) speakers[kind].volume(media.volumes[kind]);
  const log = createCallLog();
  let closed = false;
  let begun = false;
  let microphone: MediaStream | null = null;
  let quiet = SPEECH_READINGS;
  /** Counts the wishes for a camera: only the last one counts. */
  let cameraWish = 0;

  const peer: Peer = createPeer(
    {
      ...{ polite: call.polite, caller: again || !call.incoming, video: call.type === 'video' },
      relayOnly: parts.relayOnly,
    },
    {
      iceServers: async () => (await parts.iceServers()).map(plainServer),
      fallback: createFallbackTracks(),
      now: () => performance.now(),
    },
    onPeer,
  );

  const now = (): number => performance.now();
  const together = createTogether({
    me: call.polite ? 1 : 0,
    send: (text) => peer.send(text),
    find: findTrack(parts.accountId, now),
    now,
  });
  /** Music goes down while the other side speaks. */
  const balance = (): void => together.loud(media.volumes.music, media.speaking);
  balance();

  function onPeer(event: PeerEvent): void {
    switch (event.kind) {
      case 'signal':
        return parts.signal(event.signal);
      case 'link':
        media.link = event.link;
        if (event.link === 'connected') media.noRoute = false;
        else media.speaking = false;
        balance();
        return tell();
      case 'track':
        return onTrack(event.slot, event.track);
      case 'remote':
        media.remote = event.state;
        return report();
      case 'channel':
        return together.opened();
      case 'message':
        return together.receive(event.data);
      case 'quality':
        log.reading(event.quality);
        if (media.quality === event.quality) return;
        media.quality = event.quality;
        return report();
      case 'safety':
        media.safety = event.code;
        return;
      case 'level':
        quiet = event.level > SPEECH ? 0 : quiet + 1;
        media.speaking = quiet < SPEECH_READINGS;
        return balance();
      case 'no_route':
        media.noRoute = true;
        return;
      case 'gave_up':
        return parts.gaveUp();
    }
  }

  function onTrack(slot: Slot, track: MediaStreamTrack): void {
    const stream = new MediaStream([track]);
    if (slot === 'voice') speakers.voice.play(stream);
    else if (slot === 'sound') speakers.share.play(stream);
    else if (slot === 'camera') media.theirs = { ...media.theirs, camera: stream };
    else media.theirs = { ...media.theirs, screen: stream };
  }

  /** Tells the other side and main what is sent. */
  function tell(): void {
    const { muted, camera } = media;
    const sharing = media.sharing !== null;
    peer.tell({ muted: muted || microphone === null, camera, sharing });
    report();
  }

  /** Tells main alone. */
  function report(): void {
    if (closed) return;
    const { muted, camera, sharing, link, quality, remote } = media;
    const { trackId, playing } = together.view;
    parts.media({
      ...{ muted, camera, sharing: sharing !== null, connected: link === 'connected', link, quality },
      theirsMuted: remote?.muted ?? false,
      together: trackId === null ? null : playing ? 'playing' : 'paused',
    });
  }

  const unfollow = watch(
    () => [together.view.trackId, together.view.playing, together.view.track] as const,
    ([trackId, playing, track]) => {
      if (playing && track && track.id === trackId) log.heard(track);
      report();
    },
  );

  function problem(kind: keyof CallMedia['problems'], what: MediaProblem | null): void {
    media.problems = { ...media.problems, [kind]: what };
  }

  /** The stream of an answer, unless the call has ended meanwhile. */
  function taken(kind: keyof CallMedia['problems'], answer: MediaAnswer): MediaStream | null {
    if (closed) {
      if (answer.ok) release(answer.stream);
      return null;
    }
    problem(kind, answer.ok ? null : answer.problem);
    return answer.ok ? answer.stream : null;
  }

  async function refreshDevices(): Promise<void> {
    const devices = await listDevices();
    if (!closed) media.devices = devices;
  }

  /** The system has chosen another microphone: an open one stays with the old by itself. */
  async function devicesChanged(): Promise<void> {
    await refreshDevices();
    const [open] = microphone?.getAudioTracks() ?? [];
    if (closed || !open || media.choice.microphone !== '') return;
    const another = await anotherMicrophone(open);
    if (another !== null && open === microphone?.getAudioTracks()[0]) await startMicrophone(another);
  }

  /** Opens the microphone; without one the other side hears silence. */
  async function startMicrophone(id = media.choice.microphone): Promise<void> {
    const stream = taken('microphone', await openMicrophone(id));
    if (closed) return;
    const [track] = stream?.getAudioTracks() ?? [];
    release(microphone);
    microphone = stream;
    if (track) {
      track.enabled = !media.muted;
      track.addEventListener('ended', () => void lost('microphone', stream));
    }
    peer.setTrack('voice', track ?? null);
    tell();
    await refreshDevices();
  }

  /** A device was unplugged: the system's choice takes its place, and mute and share stay as they are. */
  async function lost(kind: 'microphone' | 'camera', stream: MediaStream | null): Promise<void> {
    if (closed || stream !== (kind === 'microphone' ? microphone : media.own.camera)) return;
    media.choice = { ...media.choice, [kind]: '' };
    if (kind === 'microphone') await startMicrophone();
    else {
      stopCamera();
      await setCamera(true);
    }
    if (!closed) problem(kind, media.problems[kind] === null ? null : 'unplugged');
  }

  function stopCamera(): void {
    release(media.own.camera);
    media.own = { ...media.own, camera: null };
    media.camera = false;
    peer.setTrack('camera', null);
  }

  async function setCamera(on: boolean): Promise<void> {
    const wish = (cameraWish += 1);
    if (!on) {
      problem('camera', null);
      stopCamera();
      return tell();
    }
    const answer = await openCamera(media.choice.camera);
    if (wish !== cameraWish && answer.ok) release(answer.stream);
    if (wish !== cameraWish) return;
    const stream = taken('camera', answer);
    const [track] = stream?.getVideoTracks() ?? [];
    if (closed) return;
    if (!stream || !track) {
      stopCamera();
      return tell();
    }
    release(media.own.camera);
    track.addEventListener('ended', () => void lost('camera', stream));
    media.own = { ...media.own, camera: stream };
    media.camera = true;
    peer.setTrack('camera', track);
    tell();
    await refreshDevices();
  }

  function stopShare(): void {
    release(media.own.screen);
    media.own = { ...media.own, screen: null };
    media.sharing = null;
    peer.setTrack('share', null);
    peer.setTrack('sound', null);
  }

  async function share(want: { focus: ShareFocus; sound: boolean } | null): Promise<void> {
    if (!want) {
      stopShare();
      return tell();
    }
    const stream = taken('screen', await openScreen(want.focus, want.sound));
    if (!stream) return;
    release(media.own.screen);
    const [picture] = stream.getVideoTracks();
    media.own = { ...media.own, screen: stream };
    media.sharing = want.focus;
    // The system's own "stop sharing", or the window that was shared is gone.
    picture?.addEventListener('ended', () => {
      if (closed || media.own.screen !== stream) return;
      stopShare();
      tell();
    });
    peer.setTrack('share', picture ?? null);
    peer.setTrack('sound', stream.getAudioTracks()[0] ?? null);
    tell();
  }

  async function choose(kind: keyof DeviceChoice, id: string): Promise<void> {
    media.choice = { ...media.choice, [kind]: id };
    parts.keep(keptAfter(parts.kept(), media.devices, kind, id));
    if (kind === 'microphone') return startMicrophone();
    if (kind === 'camera') return media.camera ? setCamera(true) : undefined;
    await speakOn(id);
  }

  async function speakOn(id: string): Promise<void> {
    await Promise.all([speakers.voice.device(id), speakers.share.device(id)]);
  }

  /** Finds the devices used last, as far as they are there. */
  async function findChosen(): Promise<void> {
    const kept = parts.kept();
    // To list them takes time, and there is nothing to find.
    if (Object.values(kept).every((device) => device === null)) return;
    await refreshDevices().catch((error: unknown) => console.warn('the devices cannot be listed', error));
    media.choice = choiceOf(kept, media.devices);
  }

  async function open(withVideo: boolean): Promise<void> {
    await findChosen();
    if (closed) return;
    void startMicrophone();
    if (withVideo) void setCamera(true);
    if (media.choice.speaker !== '')
      await speakOn(media.choice.speaker).catch(() => (media.choice = { ...media.choice, speaker: '' }));
  }

  function begin(withVideo: boolean): void {
    if (begun || closed) return;
    begun = true;
    void open(withVideo);
  }

  function follow(next: CallView): void {
    // Only the camera that was asked for: a video call that is accepted without one opens none.
    if (!next.incoming) begin(next.type === 'video');
    else if (next.state === 'active') begin(next.withVideo);
    if (next.state === 'active') peer.accepted();
  }

  const small = createSmallPicture((jpeg) => parts.smallPicture(jpeg));
  const smallOpen = ref(false);
  /** What the small window shows: the shared screen before the camera. */
  const unfollowSmall = watch(
    () => {
      if (!smallOpen.value) return undefined;
      const { remote, theirs } = media;
      return (remote?.sharing ? theirs.screen : remote?.camera ? theirs.camera : null)?.getVideoTracks()[0] ?? null;
    },
    (track) => small.show(track),
  );

  // A slider says many values on its way.
  const keeping = lastOfMany(KEEP_MS, () => parts.keepVolumes({ ...media.volumes }));
  const watchFailed = (error: unknown): void => console.warn('the devices cannot be followed', error);
  const unwatch = watchDevices(() => void (begun && devicesChanged().catch(watchFailed)));
  follow(call);

  return {
    media,
    together,
    follow,
    begin,
    receive: (signal) => peer.receive(signal),
    network: () => peer.network(),
    mute(muted) {
      media.muted = muted;
      for (const track of microphone?.getAudioTracks() ?? []) track.enabled = !muted;
      tell();
    },
    setCamera,
    share,
    choose,
    setVolume(kind, value) {
      media.volumes = { ...media.volumes, [kind]: value };
      keeping.soon();
      if (kind === 'music') balance();
      else speakers[kind].volume(value);
    },
    log,
    showSmall: (open) => void (smallOpen.value = open),
    close() {
      if (!closed) keeping.now();
      closed = true;
      unwatch();
      unfollow();
      unfollowSmall();
      small.close();
      together.close();
      release(microphone);
      release(media.own.camera);
      release(media.own.screen);
      media.own = { camera: null, screen: null };
      media.theirs = { camera: null, screen: null };
      speakers.voice.close();
      speakers.share.close();
      peer.close();
    },
  };
}
