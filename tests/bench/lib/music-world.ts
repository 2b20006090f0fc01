/** A relay with a large shared library: some tracks that can be heard, on top of many that are only listed. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fold } from '#contract/model/search-text.ts';
import { createRelayClient, type RelayClient } from '../../helpers/relay-client.ts';
import { wav } from '../../helpers/media-samples.ts';
import { spawnRelay, type SpawnedRelay } from '../../helpers/relay.ts';

const RATE = 22_050;

export interface MusicWorld {
  readonly relay: SpawnedRelay;
  readonly username: string;
  readonly password: string;
  /** Titles of the tracks with sound; the newest of the library, the last added first. */
  readonly audible: readonly string[];
}

/** A tone of so many seconds, another one for each number. */
function toneFile(n: number, seconds: number): Buffer {
  const hertz = 220 + (n % 24) * 20;
  const samples = Array.from({ length: seconds * RATE }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / RATE));
  return wav(samples, RATE);
}

async function addAudible(api: RelayClient, title: string, bytes: Buffer): Promise<void> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)]), `${title}.wav`);
  const stored = await api.request<{ file: { id: string } }>('POST', '/files/upload', { body: form });
  if (stored.status !== 201) throw new Error(`upload: ${String(stored.status)}`);
  const listed = await api.post('/music/metadata', { fileId: stored.body.file.id });
  if (listed.status > 201) throw new Error(`music: ${String(listed.status)}`);
}

/** Lists tracks of this person, as if they had been added over the years; their files are none. */
function fill(folder: string, ownerId: string, count: number): void {
  const db = new DatabaseSync(join(folder, 'relay.db'));
  const file = db.prepare(
    `INSERT INTO files (id, owner_id, name, mime_type, size, sha256, created_at, duration)
     VALUES (?, ?, 'a.mp3', 'audio/mpeg', 1000, '', ?, 200)`,
  );
  const track = db.prepare(
    `INSERT INTO tracks (file_id, uploaded_by, title, artist, album, track_number, duration, created_at, title_key,
       artist_key, album_key, search_key) VALUES (?, ?, ?, ?, ?, ?, 200, ?, ?, ?, ?, ?)`,
  );
  const start = Date.now() - (count + 1) * 60_000 - 86_400_000;
  db.exec('BEGIN');
  for (let n = 0; n < count; n += 1) {
    const id = `file${String(n).padStart(6, '0')}`;
    const [title, artist, album] = [`Title ${String(n)}`, `Artist ${String(n % 200)}`, `Album ${String(n % 2000)}`];
    const keys = [fold(title), fold(artist), fold(album)] as const;
    file.run(id, ownerId, start + n * 60_000);
    track.run(id, ownerId, title, artist, album, n % 10, start + n * 60_000, ...keys, keys.join(' '));
  }
  db.exec('COMMIT');
  db.close();
}

/** @param seconds of each track with sound. */
export async function openMusicWorld(size: { listed: number; audible: number; seconds: number }): Promise<MusicWorld> {
  const relay = await spawnRelay();
  const [username, password] = ['bench_music', 'bench sample words'];
  const answer = await createRelayClient(relay.url).post<{ user: { id: string }; token: string }>('/auth/register', {
    ...{ username, password, firstName: 'Bench', lastName: 'Sample', age: 30 },
  });
  if (answer.status !== 201) throw new Error(`register: ${String(answer.status)}`);
  const { user, token } = answer.body;
  const api = createRelayClient(relay.url, token);
  const audible: string[] = [];
  for (let n = 0; n < size.audible; n += 1) {
    const title = `Tone ${String(n)}`;
    await addAudible(api, title, toneFile(n, size.seconds));
    audible.unshift(title);
  }
  await relay.stop();
  fill(relay.dataDir, user.id, size.listed);
  await relay.restart();
  return { relay, username, password, audible };
}
