/** Stamps the moments of a start: the modules that main loads, the stand-in's window, what its page asks for. */
import type { IncomingMessage } from 'node:http';
import { registerHooks } from 'node:module';
import { HostApp } from '../../../host/modules/app.ts';
import { HostWebContents } from '../../../host/modules/web-contents.ts';
import { around } from './around.ts';
import { tapRequests } from './net-tap.ts';
import type { Recorder } from './recorder.ts';

/** The document itself, whatever else is asked for. */
function documentOf(request: IncomingMessage): string | null {
  const isDocument = request.headers['sec-fetch-dest'] === 'document';
  // The address that opens the window leads on to the document's own.
  return isDocument && request.headers.cookie !== undefined ? 'document' : null;
}

interface StartPlaces {
  /** When the first instrument was reached: Node itself was up then. Milliseconds since the epoch. */
  begun: number;
  /** The application's folder, and the module that its main starts with, as addresses. */
  folder: string;
  main: string;
}

/** Follows the start of the application in this process, of which nothing may have run yet. */
export function tapStart(recorder: Recorder, { begun, folder, main }: StartPlaces): void {
  recorder.add('step', { op: 'process', at: performance.timeOrigin });
  recorder.add('step', { op: 'node up', at: begun });
  recorder.add('step', { op: 'instruments in' });
  registerHooks({
    load: (url, context, next) => {
      if (url === main) recorder.add('step', { op: 'main asked for' });
      if (url.startsWith(folder)) recorder.add('step', { op: 'module asked for' });
      return next(url, context);
    },
  });
  process.on('worker', () => recorder.add('step', { op: 'thread made' }));
  around(HostApp.prototype, 'enableSandbox', (_app, _args, call) => {
    recorder.add('step', { op: 'main begins' });
    return call();
  });
  around(HostApp.prototype, 'becomeReady', (_app, _args, call) => {
    recorder.add('step', { op: 'main evaluated' });
    return call();
  });
  around(HostWebContents.prototype, 'loadURL', (_contents, _args, call) => {
    recorder.add('step', { op: 'window opened' });
    return call();
  });
  tapRequests(recorder, documentOf);
}
