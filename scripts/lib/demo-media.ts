/** What the two people of the demonstration have sent and shared: a library of music, pictures, a voice note and a track in their chat. */
import { call, idOf, type SeededDemo } from './demo.ts';
import { ALBUMS, trackFile } from './demo-tracks.ts';
import { voiceNote } from './demo-voice.ts';
import { landscape } from './picture-files.ts';

async function upload(url: string, token: string, name: string, bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)]), name);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/api/files/upload`, { method: 'POST', headers, body: form });
  if (!answer.ok) throw new Error(`the demonstration could not upload ${name}: ${String(answer.status)}`);
  const { file } = (await answer.json()) as { file: unknown };
  return idOf(file);
}

/** Uploads the music and lists it. @returns the files' ids, album by album. */
async function seedMusic(url: string, { people }: SeededDemo): Promise<string[]> {
  const albums = ALBUMS.map(async (album, cover) => {
    const { token } = people[album.by];
    const ids: string[] = [];
    for (const index of album.songs.keys()) {
      const { name, bytes } = await trackFile(album, index, cover * 2 + 1);
      const fileId = await upload(url, token, name, bytes);
      await call(url, 'extractMetadata', { token, body: { fileId } });
      ids.push(fileId);
    }
    return ids;
  });
  return (await Promise.all(albums)).flat();
}

/** Adds pictures and music to the conversation. */
export async function seedMedia(url: string, demo: SeededDemo): Promise<void> {
  const [mira, tomas] = demo.people;
  const tracks = await seedMusic(url, demo);
  const pictures = await Promise.all(
    [0, 1, 3].map(async (scene, n) =>
      upload(url, tomas.token, `lake-${String(n + 1)}.jpg`, await landscape(scene, 1200, 900)),
    ),
  );
  const send = (token: string, content: string, attachments: string[]): Promise<unknown> =>
    call(url, 'sendMessage', { token, body: { chatId: demo.chatId, content, attachments } });
  await send(tomas.token, 'The lake, as promised. I found a socket', pictures);
  const voice = voiceNote();
  await send(tomas.token, '', [await upload(url, tomas.token, voice.name, voice.bytes)]);
  await send(mira.token, 'And this is what the fog sounds like', tracks.slice(0, 1));
}
