/** Stamps what crosses between main and its pages, at main's end of the stand-in's bridge. */
import { PageSocket } from '../../../host/server/page-socket.ts';
import type { HostFrame, PageFrame } from '../../../host/wire/frames.ts';
import { around } from './around.ts';
import type { Disposer, Recorder } from './recorder.ts';

/** Follows the pages that open from now on. */
export function tapBridge(recorder: Recorder): Disposer {
  /** The channel of each question, by its number in its document. */
  const channels = new WeakMap<PageSocket, Map<number, string>>();
  const sent = (page: PageSocket, frame: HostFrame): void => {
    if (frame.kind === 'event') recorder.add('bridge:out', { op: frame.channel, words: recorder.wordsIn(frame.args) });
    else if (frame.kind === 'reply')
      recorder.add('bridge:out', { op: `${channels.get(page)?.get(frame.id)} answered` });
  };
  const heard = (page: PageSocket, frame: PageFrame): void => {
    if (frame.kind !== 'invoke') return;
    const names = channels.get(page) ?? new Map<number, string>();
    channels.set(page, names.set(frame.id, frame.channel));
    recorder.add('bridge:in', { op: frame.channel, words: recorder.wordsIn(frame.args) });
  };
  const undos = [
    around(PageSocket.prototype, 'send', (page, args, send) => {
      sent(page, args[0] as HostFrame);
      return send();
    }),
    around(PageSocket.prototype, 'listen', (page, args, listen) => {
      const hear = args[0] as (frame: PageFrame) => void;
      args[0] = (frame: PageFrame): void => {
        heard(page, frame);
        hear(frame);
      };
      return listen();
    }),
  ];
  return () => undos.forEach((undo) => undo());
}
