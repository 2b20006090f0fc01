/**
 * The party queue that the player follows: its songs stand in the order of their reactions, and move while these come.
 * It lasts as long as one of its songs is in the player.
 */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { PlayableView, QueueEntry } from '#contract/ipc/music-views.ts';
import type { PartyView, ProposalView } from '#contract/ipc/party-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { entriesOf } from '../player/edits.ts';
import { playsHere } from '../player/playable-type.ts';
import { usePlayerStore } from '../player.ts';
import { askAs } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';
import { playableFile, playableTrack } from './music/playables.ts';

/** Milliseconds between two looks at a chat in which much happens. */
const LOOK_MS = 150;

export interface PartyPlace {
  chatId: string;
  /** The message that opens it. */
  messageId: string;
}

export const usePartyStore = defineAccountStore('party', (accountId) => {
  const ask = askAs(accountId);
  const player = usePlayerStore();
  /** The player remembers it, also over a restart. */
  const place = computed<PartyPlace | null>({
    get: () => (player.party?.accountId === accountId ? player.party : null),
    set(at) {
      if (at !== null || player.party?.accountId === accountId) player.party = at && { accountId, ...at };
    },
  });
  /** Votes by file, of the one that plays. */
  const votes = shallowRef<ReadonlyMap<string, number>>(new Map());
  /** Counts the changes of each chat that a party queue is looked at in. */
  const versions = ref(new Map<string, number>());
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Known without a start here: one from another run is followed before anything is pressed.
  let can: (mimeType: string) => boolean = playsHere;
  onScopeDispose(() => clearTimeout(timer));

  const read = ({ chatId, messageId }: PartyPlace): Promise<Result<PartyView | null>> =>
    ask((bridge) => bridge.music.party({ chatId, messageId }));

  function playable(chatId: string, { track, file, messageId }: ProposalView): PlayableView {
    const from = { chatId, messageId };
    return track ? playableTrack(accountId, track, from) : playableFile(accountId, file, from);
  }
  /** One file stands once in a party queue, whichever of its messages is the best liked. */
  const isOf = (at: PartyPlace, { item }: QueueEntry, fileId: string): boolean =>
    item.accountId === accountId && item.fileId === fileId && item.from?.chatId === at.chatId;

  /** The songs as entries of the queue: those that are in it keep their names. */
  function entriesFor(at: PartyPlace, view: PartyView): QueueEntry[] {
    return view.proposals
      .filter(({ file, track }) => can(track?.mimeType ?? file.mimeType))
      .flatMap((proposal) => {
        const known = player.queue.entries.find((entry) => isOf(at, entry, proposal.file.id));
        return known ? [known] : entriesOf([playable(at.chatId, proposal)]);
      });
  }

  const count = ({ proposals }: PartyView): void =>
    void (votes.value = new Map(proposals.map((one) => [one.file.id, one.votes])));

  async function follow(): Promise<void> {
    const at = place.value;
    if (!at) return;
    const answer = await read(at);
    if (place.value !== at || !answer.ok) return;
    if (answer.value) {
      count(answer.value);
      player.arrange(entriesFor(at, answer.value));
    } else place.value = null;
  }

  // Also one that the player remembers from another run: there may be other songs and votes by now.
  watch(place, () => void follow(), { immediate: true });
  // Something else is played, or the queue was cleared: the party is over here.
  watch(
    () => player.queue.entries,
    (entries) => {
      const at = place.value;
      if (at && !entries.some(({ item }) => item.accountId === accountId && item.from?.chatId === at.chatId)) stop();
    },
  );

  function stop(): void {
    place.value = null;
  }

  function touched(chatId: string): void {
    versions.value.set(chatId, (versions.value.get(chatId) ?? 0) + 1);
    if (place.value?.chatId !== chatId) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void follow();
    }, LOOK_MS);
  }

  return {
    /** The one that plays here; null when none does. */
    place: computed(() => place.value),
    votes: computed(() => votes.value),
    isOn: (at: PartyPlace): boolean => place.value?.chatId === at.chatId && place.value.messageId === at.messageId,
    version: (chatId: string): number => versions.value.get(chatId) ?? 0,
    read,
    /** Plays it from its first song on. @param plays whether a type of sound can be played. */
    async start(at: PartyPlace, plays: (mimeType: string) => boolean): Promise<Result<boolean>> {
      const answer = await read(at);
      if (!answer.ok) return answer;
      can = plays;
      const items = (answer.value?.proposals ?? [])
        .filter(({ file, track }) => can(track?.mimeType ?? file.mimeType))
        .map((proposal) => playable(at.chatId, proposal));
      if (items.length === 0) return ok(false);
      if (answer.value) count(answer.value);
      player.setShuffle(false);
      player.play(items, 0);
      place.value = at;
      return ok(true);
    },
    /** The queue stays, in the order that it has now. */
    stop,
    apply(event: AccountEvent): void {
      if (event.kind === 'messages' || event.kind === 'messages:stale') touched(event.chatId);
    },
  };
});
