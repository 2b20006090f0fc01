/** The packets of sounds out of their containers, through a window that is smaller than the files. */
import { describe, expect, test } from 'vitest';
import type { Sound, SoundBytes } from '../../../../../renderer/src/engines/wave/bytes.ts';
import { openSound } from '../../../../../renderer/src/engines/wave/packets.ts';
import { aacEntry, m4aFile, oggFile, opusEntry, opusFile } from '../../../../helpers/muxed-sound.ts';

const HEAD = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 2, 56, 1, 0x80, 0xbb, 0, 0, 0, 0, 0])]);
/** Of all lengths: empty laces, full ones, and some that run over several pages. */
const PACKETS = [3, 255, 70_000, 510, 1, ...Array.from({ length: 300 }, (_, n) => 200 + n)].map((size, n) =>
  Buffer.alloc(size, n + 1),
);

/** A file whose reads are exact, and whose window is written over by the next one. */
function bytesOf(file: Buffer): SoundBytes {
  const window = new Uint8Array(128 * 1024);
  return {
    size: file.length,
    read(at, length) {
      const part = file.subarray(Math.min(at, file.length), Math.min(at + length, file.length));
      window.fill(0xee);
      window.set(part);
      return Promise.resolve(window.subarray(0, part.length));
    },
  };
}

async function packets(sound: Sound | null): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const packet of sound?.packets() ?? []) all.push(Buffer.from(packet));
  return all;
}
const open = (file: Buffer): Promise<Sound | null> => openSound(bytesOf(file));

describe('Ogg', () => {
  test('gives the packets of Opus without its headers', async () => {
    const sound = await open(opusFile({ head: HEAD, packets: PACKETS }));
    expect(sound?.config).toMatchObject({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 });
    expect(Buffer.from(sound?.config.description as Uint8Array)).toEqual(HEAD);
    expect(await packets(sound)).toEqual(PACKETS);
    // From the begin again, as often as asked for.
    expect(await packets(sound)).toHaveLength(PACKETS.length);
  });

  test('hands the three headers of Vorbis on in one piece', async () => {
    const id = Buffer.alloc(30);
    id.write('\u0001vorbis', 'latin1');
    id[11] = 1;
    id.writeUInt32LE(44_100, 12);
    const [comments, books] = [Buffer.alloc(300, 3), Buffer.alloc(600, 5)];
    const sound = await open(oggFile([id, comments, books], PACKETS, 1024));
    expect(sound?.config).toMatchObject({ codec: 'vorbis', sampleRate: 44_100, numberOfChannels: 1 });
    expect(Buffer.from(sound?.config.description as Uint8Array)).toEqual(
      Buffer.concat([Buffer.from([2, 30, 255, 45]), id, comments, books]),
    );
    expect(await packets(sound)).toEqual(PACKETS);
  });

  test('ends where the file was cut off', async () => {
    const file = opusFile({ head: HEAD, packets: PACKETS });
    const some = await packets(await open(file.subarray(0, file.length - 1000)));
    expect(some.length).toBeGreaterThan(200);
    expect(some).toEqual(PACKETS.slice(0, some.length));
  });

  test.each([
    ['a chain of streams', (file: Buffer) => Buffer.concat([file, file])],
    ['no page of Ogg', (file: Buffer) => Buffer.concat([file, Buffer.alloc(100, 1)])],
  ])('with %s has no length that is known', async (problem, spoil) => {
    const sound = await open(spoil(opusFile({ head: HEAD, packets: PACKETS })));
    await expect(packets(sound)).rejects.toThrow(problem);
  });

  test('of another codec is none that is read', async () => {
    expect(await open(oggFile([Buffer.from('\u007fFLAC\u0001\u0000 and more')], PACKETS, 1))).toBeNull();
    expect(await open(opusFile({ head: HEAD, packets: [] }).subarray(0, 60))).toBeNull();
  });
});

describe('MP4', () => {
  test.each([
    [1, 'one in each chunk'],
    [7, 'some in each chunk'],
    [1000, 'all in one chunk'],
  ])('gives the packets of AAC with its setup, %i: %s', async (perChunk) => {
    const sound = await open(m4aFile(aacEntry(22_050, [0x13, 0x88]), PACKETS, 1024, 22_050, perChunk));
    expect(sound?.config).toEqual({
      codec: 'mp4a.40.2',
      sampleRate: 22_050,
      numberOfChannels: 1,
      description: Uint8Array.of(0x13, 0x88),
    });
    expect(await packets(sound)).toEqual(PACKETS);
  });

  test('gives those of Opus', async () => {
    const sound = await open(m4aFile(opusEntry(2, 312), PACKETS, 960, 48_000));
    expect(sound?.config).toEqual({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 });
    expect(await packets(sound)).toEqual(PACKETS);
  });

  test('that is not whole, or of another codec, is none that is read', async () => {
    const file = m4aFile(opusEntry(2, 312), PACKETS, 960, 48_000);
    expect(await open(file.subarray(0, file.length - 10))).toBeNull();
    const other = Buffer.from(file);
    other.write('alac', other.indexOf('Opus'), 'latin1');
    expect(await open(other)).toBeNull();
    // Six channels would need more than their number.
    expect(await open(m4aFile(opusEntry(6, 312), PACKETS, 960, 48_000))).toBeNull();
  });

  test('whose tables lie breaks off in time', async () => {
    const file = m4aFile(opusEntry(2, 312), PACKETS, 960, 48_000);
    const sizes = file.indexOf('stsz') + 16;
    file.writeUInt32BE(0x7fffffff, sizes);
    await expect(packets(await open(file))).rejects.toThrow('is not there');
    file.writeUInt32BE(0xffffff, sizes - 4);
    expect(await open(file)).toBeNull();
  });
});

test('other files are none of these', async () => {
  expect(await open(Buffer.from('RIFF1234WAVEfmt '))).toBeNull();
  expect(await open(Buffer.alloc(0))).toBeNull();
});
