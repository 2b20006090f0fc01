import type { IceServer } from '#contract/ipc/call-views.ts';

/** Without the fields that are absent: the browser refuses `undefined` credentials. */
export function plainServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}
