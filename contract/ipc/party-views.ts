/** A party queue as the page sees it; see model/party-queue.ts. */
import { z } from 'zod';
import { AttachmentView } from './file-views.ts';
import { TrackView } from './music-views.ts';

const id = z.string().min(1).max(64);

/** Songs of one party queue that are looked at. */
export const MOST_PROPOSED = 200;

export const ProposalView = z.object({
  messageId: id,
  senderName: z.string(),
  mine: z.boolean(),
  votes: z.number().int(),
  /** Null where the library does not list it. */
  track: TrackView.nullable(),
  file: AttachmentView,
});
export type ProposalView = z.infer<typeof ProposalView>;

/** The proposals in the order in which they are to be played. */
export const PartyView = z.object({ proposals: z.array(ProposalView).max(MOST_PROPOSED) });
export type PartyView = z.infer<typeof PartyView>;
