/** What the runner may ask of this page. */
export interface PeerPage {
  /** How many messages the component holds now. */
  held(): number;
  /** From now on so many messages per second arrive in the open room. */
  startArrivals(perSecond: number): void;
  /** Ends that; answers how many came. */
  stopArrivals(): number;
  /** So many messages arrive in the open room at a pace; each frame hands over what has come. */
  burst(count: number, perSecond: number): Promise<void>;
}

declare global {
  interface Window {
    peerPage?: PeerPage;
  }
}
