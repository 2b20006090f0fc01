/** Files and uploads as they are stored: what is read is what was written, and who may read is asked of the database. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileRow, TrackRow, UploadSessionRow } from '../../../relay/records.ts';
import type { Scanned, TimePlace, TrackSort } from '../../../relay/repositories/ports.ts';
import { createCore, START, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

function fileOf(id: string, more: Partial<FileRow> = {}): FileRow {
  const empty = { width: null, height: null, duration: null, thumbhash: null, peaks: null, tags: null, variants: [] };
  const named = { name: `${id}.bin`, mimeType: 'application/octet-stream', sha256: 'ab'.repeat(32) };
  return { id, ownerId: 'anna', ...named, size: 100, createdAt: START, ...empty, ...more };
}

function uploadOf(id: string, more: Partial<UploadSessionRow> = {}): UploadSessionRow {
  const times = { createdAt: START, expiresAt: START + 1_000 };
  const named = { fileId: `file-${id}`, name: `${id}.bin`, size: 500, peaks: null };
  return { id, ownerId: 'anna', ...named, received: 0, ...times, ...more };
}

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  beforeEach(async () => {
    core = await createCore(adapter);
  });
  afterEach(() => core.close());

  const store = (...rows: FileRow[]): Promise<void> =>
    core.write(async (tx) => {
      for (const row of rows) await tx.files.insert(row);
    });
  const begin = (...rows: UploadSessionRow[]): Promise<void> =>
    core.write(async (tx) => {
      for (const row of rows) await tx.uploadSessions.insert(row);
    });

  describe('files', () => {
    it('are read as they were written, whatever is known of them', async () => {
      const picture = fileOf('picture', {
        width: 4_000,
        height: 3_000,
        thumbhash: 'abc=',
        variants: ['thumb', 'preview'],
      });
      const tags = { title: 'Ода', artist: null, album: 'A', year: 1824, genre: null, trackNumber: 9 };
      const sound = fileOf('sound', { duration: 12.345, peaks: [0, 0.502, 1], tags, size: 104_857_600 });
      await store(picture, sound);
      expect(await core.files.find('picture')).toEqual(picture);
      expect(await core.files.find('sound')).toEqual(sound);
      expect(await core.files.find('nothing')).toBeNull();
      const found = await core.files.findAll(['sound', 'nothing', 'picture']);
      expect(new Set(found.map(({ id }) => id))).toEqual(new Set(['picture', 'sound']));
    });

    it('of messages come in the order in which they were attached', async () => {
      await store(fileOf('f1'), fileOf('f2'));
      const first = await core.send(core.anna, 'one');
      const second = await core.send(core.anna, 'two');
      await core.write(async (tx) => {
        await tx.files.attach(first, 'chat', ['f2', 'f1']);
        await tx.files.attach(second, 'chat', ['f1']);
      });
      expect(await core.files.idsOf(first)).toEqual(['f2', 'f1']);
      const attached = await core.files.ofMessages([second, first, 'nothing']);
      const of = (id: string) => attached.filter(({ messageId }) => messageId === id).map(({ file }) => file);
      expect([of(first), of(second)]).toEqual([[fileOf('f2'), fileOf('f1')], [fileOf('f1')]]);
      expect(attached).toHaveLength(3);
    });

    it('are read by their owner, the members of the chats they are attached in, and everybody as somebody’s picture', async () => {
      await store(fileOf('own'), fileOf('sent'), fileOf('shown'), fileOf('listed'));
      const message = await core.send(core.anna, 'look');
      await core.write((tx) => tx.files.attach(message, 'chat', ['sent']));
      await core.database.run(`INSERT INTO avatars (user_id, file_id) VALUES ('anna', 'shown')`);
      await core.database.run(
        `INSERT INTO tracks (file_id, uploaded_by, title, duration, created_at, title_key, artist_key, album_key,
           search_key) VALUES ('listed', 'anna', 'T', 1, 1, 't', '', '', 't')`,
      );
      const readers = async (id: string) => {
        const who: string[] = [];
        for (const user of ['anna', 'boris', 'clara']) if (await core.files.isReadable(id, user)) who.push(user);
        return who;
      };
      expect(await readers('own')).toEqual(['anna']);
      expect(await readers('sent')).toEqual(['anna', 'boris']);
      expect(await readers('shown')).toEqual(['anna', 'boris', 'clara']);
      expect(await readers('listed')).toEqual(['anna', 'boris', 'clara']);
      expect(await readers('nothing')).toEqual([]);
    });

    it('are counted: all of them, and each person’s since a time', async () => {
      const totals = async () => {
        const { files, fileBytes } = await core.reads.totals.read();
        return [files, fileBytes];
      };
      expect(await totals()).toEqual([0, 0]);
      expect(await core.files.usage('anna', 0)).toBe(0);
      await store(fileOf('f1'), fileOf('f2', { createdAt: START + 5, size: 7 }), fileOf('f3', { ownerId: 'boris' }));
      expect(await totals()).toEqual([3, 207]);
      expect([await core.files.usage('anna', 0), await core.files.usage('anna', START + 5)]).toEqual([107, 7]);
      await core.write((tx) => tx.files.remove('f2'));
      await core.write((tx) => tx.files.remove('nothing'));
      expect(await totals()).toEqual([2, 200]);
      await core.write((tx) => tx.files.removeUnused(['f1', 'nothing']));
      expect(await totals()).toEqual([1, 100]);
    });

    it('that are old and unused are found in slices: not what is attached, shown or listed', async () => {
      const ids = ['a1', 'a2', 'b1', 'b2', 'b3', 'c1'];
      const times = new Map(ids.map((id) => [id, START + Number(id.codePointAt(0)) - 97]));
      await store(...ids.map((id) => fileOf(id, { createdAt: times.get(id) ?? 0 })));
      await core.send(core.anna, '', { attachments: ['a2'] });
      await core.write((tx) => tx.files.setAvatar('anna', 'b1'));
      const slices: string[][] = [];
      let after: TimePlace | null = null;
      do {
        const slice: Scanned<string, TimePlace> = await core.files.unused(after, START + 2, 2);
        slices.push(slice.found);
        after = slice.last;
      } while (after);
      expect(slices).toEqual([['a1'], ['b2'], ['b3']]);
    });

    it('that are unused are removed; those that somebody begins to use are not', async () => {
      const ids = Array.from({ length: 12 }, (_, index) => `f${index}`);
      await store(...ids.map((id) => fileOf(id)));
      const remove = (some: string[]): Promise<string[]> => core.write((tx) => tx.files.removeUnused(some));
      const sends = ids.map((id) =>
        core.messaging.send(core.anna, { chatId: 'chat', content: id, attachments: [id] }).then(
          ({ value }) => (value.attachments ?? []).map((file) => file.id),
          (error: unknown) => error,
        ),
      );
      const first = remove(ids.slice(0, 3));
      const outcomes = await Promise.all(sends);
      const removed = [...(await first), ...(await remove(ids))];
      const sent = outcomes.flatMap((outcome) => (Array.isArray(outcome) ? (outcome as string[]) : []));
      expect([...removed, ...sent].toSorted(), 'each is removed or sent').toEqual(ids.toSorted());
      for (const [index, outcome] of outcomes.entries()) {
        const file = await core.files.find(ids[index] ?? '');
        if (Array.isArray(outcome)) expect(file).not.toBeNull();
        else expect([outcome, file]).toMatchObject([{ code: 'validation' }, null]);
      }
    });

    it('of one person are locked by a write: the next one counts what the first has stored', async () => {
      const take = (id: string): Promise<number> =>
        core.write(async (tx) => {
          await tx.files.lock('anna');
          const used = await tx.files.usage('anna', 0);
          await tx.files.insert(fileOf(id));
          return used;
        });
      const used = await Promise.all(['f1', 'f2', 'f3', 'f4'].map(take));
      expect(used.toSorted((a, b) => a - b)).toEqual([0, 100, 200, 300]);
    });
  });

  describe('uploads', () => {
    it('are read as they were written; their number of bytes only grows', async () => {
      await begin(uploadOf('u1'), uploadOf('u2', { peaks: [0.2, 1] }));
      expect(await core.reads.uploadSessions.find('u2')).toEqual(uploadOf('u2', { peaks: [0.2, 1] }));
      expect(await core.reads.uploadSessions.find('u1')).toEqual(uploadOf('u1'));
      await core.write((tx) => tx.uploadSessions.advance('u1', 300, START + 9_000));
      await core.write((tx) => tx.uploadSessions.advance('u1', 200, START + 99_000));
      expect(await core.reads.uploadSessions.find('u1')).toEqual(
        uploadOf('u1', { received: 300, expiresAt: START + 9_000 }),
      );
      await core.write((tx) => tx.uploadSessions.remove('u1'));
      expect(await core.reads.uploadSessions.find('u1')).toBeNull();
    });

    it('that have become a file are not counted any more', async () => {
      await begin(uploadOf('u1'), uploadOf('u2', { size: 30 }), uploadOf('u3', { ownerId: 'boris' }));
      expect(await core.reads.uploadSessions.pending('anna')).toEqual({ uploads: 2, bytes: 530 });
      await store(fileOf('file-u1'));
      expect(await core.reads.uploadSessions.pending('anna')).toEqual({ uploads: 1, bytes: 30 });
      expect(await core.reads.uploadSessions.pending('clara')).toEqual({ uploads: 0, bytes: 0 });
    });

    it('whose time is over are found, the oldest first, and what is awaited is known', async () => {
      await begin(uploadOf('u1', { expiresAt: START + 3 }), uploadOf('u2', { expiresAt: START + 1 }), uploadOf('u3'));
      const expired = async (now: number, limit: number) =>
        (await core.reads.uploadSessions.expired(now, limit)).map(({ id }) => id);
      expect([await expired(START + 3, 9), await expired(START + 3, 1), await expired(START, 9)]).toEqual([
        ['u2', 'u1'],
        ['u2'],
        [],
      ]);
      expect(await core.reads.uploadSessions.awaited(['file-u2', 'file', 'f1'])).toEqual(['file-u2']);
    });
  });

  describe('tracks', () => {
    const trackOf = (fileId: string, more: Partial<TrackRow>): TrackRow => {
      const unknown = { artist: null, album: null, year: null, genre: null, trackNumber: null };
      return { fileId, uploadedBy: 'anna', title: fileId, duration: 1.5, createdAt: START, ...unknown, ...more };
    };
    const keysOf = ({ title, artist, album }: TrackRow) => ({
      ...{ title, artist, album },
      search: [title, artist, album].join(' '),
    });
    const TRACKS = [
      trackOf('t1', { title: 'b', artist: 'x', album: 'm', trackNumber: 2, year: 1999, genre: 'g' }),
      trackOf('t2', { title: 'a', artist: 'x', album: 'm', trackNumber: 1, createdAt: START + 2 }),
      trackOf('t3', { title: 'c', artist: 'w', createdAt: START + 1 }),
      trackOf('t4', { title: 'a' }),
    ];
    const list = (sort: TrackSort, words: string[] = [], limit = 9, offset = 0) =>
      core.reads.tracks.ids({ words, sort, limit, offset });
    beforeEach(async () => {
      await store(...TRACKS.map(({ fileId }) => fileOf(fileId)));
      await core.write(async (tx) => {
        for (const track of TRACKS) await tx.tracks.insert(track, keysOf(track));
      });
    });

    it('come in each order: what is unknown last, each once over the pages', async () => {
      expect(await list('title')).toEqual(['t2', 't4', 't1', 't3']);
      expect(await list('artist')).toEqual(['t3', 't2', 't1', 't4']);
      expect(await list('album')).toEqual(['t2', 't1', 't4', 't3']);
      expect(await list('added')).toEqual(['t2', 't3', 't4', 't1']);
      expect(await list('title', [], 2, 1)).toEqual(['t4', 't1']);
    });

    it('are found by words anywhere in their key, taken as they are', async () => {
      expect(await list('title', ['x', 'b'])).toEqual(['t1']);
      expect([await core.reads.tracks.count(['x']), await core.reads.tracks.count([])]).toEqual([2, 4]);
      expect([await list('title', ['%']), await list('title', ['_'])]).toEqual([[], []]);
    });

    it('are read as they were written, changed but for whose they are, and removed without their file', async () => {
      const [first] = TRACKS;
      if (!first) throw new Error('no track');
      expect(await core.reads.tracks.find('t1')).toEqual(first);
      expect(await core.reads.tracks.findAll(['t1', 'none'])).toEqual([first]);
      const changed = { ...first, title: 'z', artist: null };
      const given = { ...changed, uploadedBy: 'boris', duration: 9, createdAt: 0 };
      await core.write((tx) => tx.tracks.update(given, keysOf(given)));
      expect(await core.reads.tracks.find('t1')).toEqual(changed);
      expect((await list('artist')).slice(2)).toEqual(['t1', 't4']);
      await core.write((tx) => tx.tracks.remove('t1'));
      expect([await core.reads.tracks.find('t1'), (await core.files.find('t1'))?.id]).toEqual([null, 't1']);
    });
  });
});
