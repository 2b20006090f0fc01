/** Commands on the music library: read from the local store; shared through the outbox. */
import type { TrackView } from '#contract/ipc/music-views.ts';
import { MOST_QUEUED } from '#contract/model/limits.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import type { Account } from '../accounts/account.ts';
import type { Commands } from './command.ts';
import { enqueueMessage, textProblem } from './send-message.ts';

/** Words of a track have changed: what that moves in lists is asked for again. */
async function edited(account: Account, track: TrackView | null): Promise<Result<TrackView>> {
  if (!track) return fail('not_found', 'no such track');
  await account.music.changed([track.id]);
  return ok(track);
}

export const musicCommands: Commands<'music'> = {
  tracks: async ({ store, music, clock }, input) => {
    music.asked();
    return ok(await store.reader.tracks({ ...input, now: clock.now(), mayRemove: music.mayRemove }));
  },
  ids: async ({ store, clock }, input) =>
    ok(await store.reader.trackIds({ ...input, now: clock.now(), limit: MOST_QUEUED })),
  byIds: async ({ store, music }, { ids }) => ok(await store.reader.tracksById({ ids, mayRemove: music.mayRemove })),
  albums: async ({ store }, input) => ok(await store.reader.albums(input)),
  artists: async ({ store }, input) => ok(await store.reader.artists(input)),
  refresh: ({ music }) => music.refresh(),
  add: ({ music }, { id }) => music.add(id),
  edit: async (account, { id, ...change }) => {
    const { store, music } = account;
    const given = Object.fromEntries(Object.entries(change).filter(([, word]) => word !== undefined));
    return edited(account, await store.writer.editTrack({ id, change: given, mayRemove: music.mayRemove }));
  },
  restore: async (account, { id }) => {
    const { store, music } = account;
    return edited(account, await store.writer.editTrack({ id, change: null, mayRemove: music.mayRemove }));
  },
  remove: ({ music }, { id }) => music.remove(id),
  played: async ({ store, music, clock }, { id }) => {
    // A sound of a chat is none of the library.
    if (await store.writer.notePlay({ id, now: clock.now() })) await music.changed([id]);
    return ok(null);
  },
  peaks: ({ music }, { id }) => music.peaks(id),
  keepPeaks: ({ music }, { id, peaks }) => music.keepPeaks(id, peaks),
  story: async ({ store }, { id }) => ok(await store.reader.story({ id })),
  share: async (account, { id, chatIds, text }) => {
    const problem = textProblem(text, true);
    if (problem) return problem;
    if (!(await account.store.writer.knownFile({ id }))) return fail('not_found', 'no such track');
    let sent = 0;
    for (const chatId of new Set(chatIds)) {
      if (await enqueueMessage(account, { chatId, text, replyTo: null, files: [id] })) sent += 1;
    }
    return sent > 0 ? ok({ sent }) : fail('not_found', 'none of the chats is here');
  },
  party: async ({ store, music }, { chatId, messageId }) =>
    ok(await store.reader.party({ chatId, messageId, mayRemove: music.mayRemove })),
  playlists: async ({ store }) => ok(await store.writer.playlists({})),
  savePlaylist: async (account, { id, name, ids }) => {
    const saved = await account.store.writer.savePlaylist({
      id: id ?? account.newMessageId(),
      isNew: id === null,
      name,
      ids,
      now: account.clock.now(),
    });
    return saved ? ok(saved) : fail('not_found', 'no such playlist');
  },
  deletePlaylist: async ({ store }, { id }) =>
    (await store.writer.deletePlaylist({ id })) ? ok(null) : fail('not_found', 'no such playlist'),
};
