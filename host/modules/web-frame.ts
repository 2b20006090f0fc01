/** The main frame of a document, as a sender of messages. One object per document: after a reload there is another. */
import { originOf } from '../server/address.ts';
import { guard } from '../guard.ts';

/** What a frame knows of its document. */
export interface FrameSource {
  readonly processId: number;
  readonly routingId: number;
  /** The document's address, as the application knows it. */
  url(): string;
  /** The document is no more. */
  gone(): boolean;
}

/** Makes the frame. A document that is gone has a detached frame whose address reads empty. */
export function createFrame(source: FrameSource): Electron.WebFrameMain {
  const frame: Electron.WebFrameMain = guard<Electron.WebFrameMain>('webFrameMain', {
    get url() {
      return source.gone() ? '' : source.url();
    },
    get origin() {
      return source.gone() ? '' : originOf(source.url());
    },
    get detached() {
      return source.gone();
    },
    get parent() {
      return null;
    },
    get top() {
      return frame;
    },
    get frames() {
      return [];
    },
    processId: source.processId,
    routingId: source.routingId,
    isDestroyed: () => source.gone(),
  });
  return frame;
}
