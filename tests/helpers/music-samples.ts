/** Sounds with tags, made by code. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { id3Cover, id3Text, jpeg, mp3, tagged } from './media-samples.ts';

export interface SongTags {
  title?: string;
  artist?: string;
  album?: string;
  track?: string;
}

/** An mp3 of a tenth of a second for every four frames, with tags and perhaps a cover. */
export async function song({ title, artist, album, track }: SongTags, cover = false, frames = 4): Promise<Buffer> {
  const words: [string, string | undefined][] = [
    ['TIT2', title],
    ['TPE1', artist],
    ['TALB', album],
    ['TRCK', track],
  ];
  const tags = words.flatMap(([frame, word]) => (word === undefined ? [] : [id3Text(frame, word)]));
  if (cover) tags.push(id3Cover('image/jpeg', await jpeg(200, 200)));
  return tagged(tags, mp3(Array.from({ length: frames }, (_, n) => 200 + (n % 3) * 5)));
}

/** Writes a file and answers its path. */
export async function fileIn(folder: string, name: string, bytes: Uint8Array | string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
