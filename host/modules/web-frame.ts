/** The main frame of a document, as a sender of messages. One object per document: after a reload there is another. */
import { guardMortal } from '../guard.ts';

/** What a frame knows of its document. */
export interface FrameSource {
  readonly processId: number;
  readonly routingId: number;
  /** The document's address, as the application knows it. */
  url(): string;
  origin(): string;
  /** The document is no more. */
  gone(): boolean;
}

const DISPOSED = 'Render frame was disposed before WebFrameMain could be accessed';
/** What can still be asked of a frame whose document is gone. */
const SURVIVING = ['detached', 'processId', 'routingId'] as const;

/** Makes the frame. As with Electron, the frame of a document that is gone throws at every touch. */
export function createFrame(source: FrameSource): Electron.WebFrameMain {
  const part = {
    get url() {
      return source.url();
    },
    get origin() {
      return source.origin();
    },
    get detached() {
      return source.gone();
    },
    get parent() {
      return null;
    },
    get top(): Electron.WebFrameMain {
      return frame;
    },
    get frames() {
      return [];
    },
    processId: source.processId,
    routingId: source.routingId,
    isDestroyed: () => source.gone(),
  };
  const frame: Electron.WebFrameMain = guardMortal<Electron.WebFrameMain>('webFrameMain', part, DISPOSED, SURVIVING);
  return frame;
}
