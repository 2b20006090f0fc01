/** What the node and its examiner say to each other. */
import type { MediaFacts } from '../ports.ts';

export interface Examine {
  id: number;
  path: string;
  mimeType: string;
}

/** Facts that are certain by now; what comes later is added to it, and a crash takes back none. */
export type Found = Partial<Pick<MediaFacts, 'width' | 'height' | 'duration' | 'thumbhash' | 'peaks'>> & {
  /** A picture of more pixels than anybody may be asked to show. */
  isTooLarge?: true;
  /** A form of the file that is complete. */
  variant?: string;
};

export type Report = { id: number; found: Found } | { id: number; failed: string } | { id: number; done: true };
