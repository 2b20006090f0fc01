/** What the runner may ask of this page. */
export interface PeerPage {
  /** How many messages the component holds now. */
  held(): number;
  /** A message of the other person arrives in the open room. */
  receive(text: string): void;
  /** So many messages arrive in the open room at a pace; each frame hands over what has come. */
  burst(count: number, perSecond: number): Promise<void>;
}

declare global {
  interface Window {
    peerPage?: PeerPage;
  }
}
