/**
 * The main frame of a document, as the sender of messages. There is one object per document: a reload creates another.
 */
import { guardMortal } from '../guard.ts';

/** What a frame needs from its document. */
export interface FrameSource {
  readonly processId: number;
  readonly routingId: number;
  /** The document's URL, as the application sees it. */
  url(): string;
  origin(): string;
  /** Whether the document is gone. */
  gone(): boolean;
}

const DISPOSED = 'Render frame was disposed before WebFrameMain could be accessed';
/** What remains readable on a frame whose document is gone. */
const SURVIVING = ['detached', 'processId', 'routingId'] as const;

/** Creates the frame. As in Electron, the frame of a document that is gone throws on any other access. */
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
