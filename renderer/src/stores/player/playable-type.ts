/** Whether this browser can play a type of sound, so that a list can say it before the click. */

/** Names that browsers do not know of types that they play. */
const SAME: Readonly<Record<string, string>> = {
  'audio/x-flac': 'audio/flac',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/m4b': 'audio/mp4',
  'audio/mp3': 'audio/mpeg',
  'audio/x-mp3': 'audio/mpeg',
  'audio/x-aac': 'audio/aac',
  'audio/aacp': 'audio/aac',
  'audio/vorbis': 'audio/ogg; codecs="vorbis"',
  'audio/opus': 'audio/ogg; codecs="opus"',
  'audio/x-opus': 'audio/ogg; codecs="opus"',
  'application/ogg': 'audio/ogg',
};
/** Played whatever the browser says of their names; and types that say nothing. */
const PLAYED = /^(audio|video)\/(x-)?matroska$|^application\/octet-stream$|^$/;

const answers = new Map<string, boolean>();

/** `can` is `HTMLMediaElement.canPlayType`. */
export function isPlayableType(mimeType: string, can: (type: string) => string): boolean {
  const type = mimeType.trim().toLowerCase();
  if (PLAYED.test(type)) return true;
  const [base = '', ...parameters] = type.split(';');
  const known = SAME[base.trim()];
  return can(known === undefined ? type : [known, ...parameters].join(';')) !== '';
}

/** The same for this browser; asked once for each type. */
export function playsHere(mimeType: string): boolean {
  const known = answers.get(mimeType);
  if (known !== undefined) return known;
  const audio = document.createElement('audio');
  const answer = isPlayableType(mimeType, (type) => audio.canPlayType(type));
  answers.set(mimeType, answer);
  return answer;
}

const NAMES: Readonly<Record<string, string>> = {
  ac3: 'AC-3',
  'ec-3': 'E-AC-3',
  // Bought from a shop, for its own player alone.
  drms: 'DRM',
  drmi: 'DRM',
  enca: 'DRM',
};

/** "ALAC", "AIFF": the name of a type that does not play, as people say it. */
export function formatName(mimeType: string): string {
  const codec = /codecs="?([\w-]+)/.exec(mimeType)?.[1];
  const last = codec ?? mimeType.split(';')[0]?.split('/').at(-1) ?? '';
  const name = last.toLowerCase().replace(/^(x-)?(ms-|vnd\.)?/, '');
  return NAMES[name] ?? name.toUpperCase();
}
