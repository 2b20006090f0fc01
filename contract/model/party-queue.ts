/**
 * A party queue: a message opens it, the songs sent to the chat after it are its proposals, and reactions put them in
 * order. Everybody computes the same order from the same messages: nothing of it is stored. Pure.
 */

/** The words of the message that opens a party queue: any client shows them. */
export const PARTY_WORDS = 'Party queue: send songs to this chat, and react to the ones you want to hear first';

/** Whether a message opens a party queue. */
export function isPartyMessage(text: string): boolean {
  return text.trim() === PARTY_WORDS;
}

/** A song that was sent to the chat. */
export interface Proposal {
  messageId: string;
  fileId: string;
  senderId: string;
  /** When the server got it; milliseconds since the epoch. */
  at: number;
  /** Its place among the files of its message. */
  n: number;
  reactions: readonly { userId: string; emoji: string }[];
}

export interface Ranked<P extends Proposal> {
  proposal: P;
  votes: number;
}

/** A thumb down, whatever its skin tone. */
const AGAINST = /^👎/u;

/** One vote for each person but the one who proposed it; a thumb down counts against it. */
export function votesOf({ senderId, reactions }: Pick<Proposal, 'senderId' | 'reactions'>): number {
  const byPerson = new Map<string, boolean>();
  for (const { userId, emoji } of reactions) {
    if (userId === senderId) continue;
    // Whoever says both is for it.
    byPerson.set(userId, (byPerson.get(userId) ?? false) || !AGAINST.test(emoji));
  }
  return [...byPerson.values()].reduce((sum, isFor) => sum + (isFor ? 1 : -1), 0);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The earlier one first; ids decide where times are equal, and are the same for everybody. */
function earlier(a: Proposal, b: Proposal): number {
  return a.at - b.at || compare(a.messageId, b.messageId) || a.n - b.n || compare(a.fileId, b.fileId);
}

/** The proposals with the most votes first, the earlier first among equals; a song proposed again counts once, as the best of these. */
export function partyOrder<P extends Proposal>(proposals: readonly P[]): Ranked<P>[] {
  const ranked = proposals
    .map((proposal) => ({ proposal, votes: votesOf(proposal) }))
    .sort((a, b) => b.votes - a.votes || earlier(a.proposal, b.proposal));
  const seen = new Set<string>();
  return ranked.filter(({ proposal: { fileId } }) => !seen.has(fileId) && seen.add(fileId));
}
