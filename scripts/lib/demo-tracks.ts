/** The tracks of the demonstration as files: WAV with ID3 tags and a cover. */
import { play, RATE, type Song } from './demo-melodies.ts';
import { landscape } from './picture-files.ts';

interface Tags {
  title: string;
  artist: string;
  album: string;
  genre: string;
  year: number;
  number: number;
}

/** A number in seven bits per byte, as ID3 writes it. */
function sevenBits(value: number): Buffer {
  return Buffer.from([21, 14, 7, 0].map((shift) => (value >> shift) & 127));
}

function id3Frame(name: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(name, 'latin1'), sevenBits(body.length), Buffer.alloc(2), body]);
}

/** An ID3v2.4 tag in UTF-8. */
function id3({ title, artist, album, genre, year, number }: Tags, cover: Buffer): Buffer {
  const words = { TIT2: title, TPE1: artist, TALB: album, TCON: genre, TDRC: String(year), TRCK: String(number) };
  const frames = Object.entries(words).map(([name, text]) => id3Frame(name, Buffer.from(`\u0003${text}`, 'utf8')));
  frames.push(id3Frame('APIC', Buffer.concat([Buffer.from('\u0000image/jpeg\u0000\u0003\u0000', 'latin1'), cover])));
  const body = Buffer.concat(frames);
  return Buffer.concat([Buffer.from('ID3\u0004\u0000\u0000', 'latin1'), sevenBits(body.length), body]);
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** One channel of 16 bits. */
export function wavFile(samples: Float32Array, tag: Buffer | null): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(RATE, 4);
  format.writeUInt32LE(RATE * 2, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, n) => data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), n * 2));
  const body = Buffer.concat([
    Buffer.from('WAVE', 'latin1'),
    chunk('fmt ', format),
    chunk('data', data),
    ...(tag ? [chunk('id3 ', tag)] : []),
  ]);
  return chunk('RIFF', body);
}

interface Album {
  /** Whose uploads they are: the first of the two people, or the second. */
  by: 0 | 1;
  artist: string;
  album: string;
  genre: string;
  year: number;
  songs: readonly Song[];
}

/** The first album's tracks share a key and a tempo, and go over into each other. */
export const ALBUMS: readonly Album[] = [
  {
    by: 0,
    artist: 'Night Train Quartet',
    album: 'Fog Over the Lake',
    genre: 'Ambient',
    year: 2024,
    songs: [
      {
        title: 'Departure',
        tempo: 84,
        root: 60,
        scale: 'minor',
        chords: [0, 5, 2, 6],
        rounds: 2,
        seed: 11,
        hasDrums: false,
      },
      {
        title: 'Forty Minutes Late',
        tempo: 84,
        root: 60,
        scale: 'minor',
        chords: [0, 3, 5, 4],
        rounds: 2,
        seed: 23,
        hasDrums: true,
      },
      {
        title: 'First Light',
        tempo: 84,
        root: 60,
        scale: 'minor',
        chords: [5, 2, 6, 0],
        rounds: 2,
        seed: 37,
        hasDrums: true,
      },
    ],
  },
  {
    by: 1,
    artist: 'Lunch/Moves/Up',
    album: 'Motion Carried',
    genre: 'Pop',
    year: 2025,
    songs: [
      {
        title: 'Twelve O’Clock',
        tempo: 116,
        root: 57,
        scale: 'major',
        chords: [0, 4, 5, 3],
        rounds: 3,
        seed: 51,
        hasDrums: true,
      },
      {
        title: 'Сокет, который работает',
        tempo: 96,
        root: 62,
        scale: 'major',
        chords: [0, 5, 3, 4],
        rounds: 2,
        seed: 68,
        hasDrums: true,
      },
    ],
  },
];

/** A track as a file. */
export async function trackFile(album: Album, index: number, cover: number): Promise<{ name: string; bytes: Buffer }> {
  const song = album.songs[index];
  if (!song) throw new Error('the album has no such song');
  const { artist, genre, year } = album;
  const tags = { title: song.title, artist, album: album.album, genre, year, number: index + 1 };
  const tag = id3(tags, await landscape(cover, 600, 600));
  return { name: `${String(index + 1).padStart(2, '0')} ${song.title}.wav`, bytes: wavFile(play(song), tag) };
}
