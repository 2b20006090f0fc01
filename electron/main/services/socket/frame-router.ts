/**
 * Routes each frame of the server to the service that it concerns. Exhaustive: a frame without a route does not
 * compile.
 */
import type { ServerFrame, ServerFrameOf, SyncFrame } from '#contract/ws/server-frames.ts';

export type TypingFrame = ServerFrameOf<'typing:start' | 'typing:stop'>;
export type CallFrame = ServerFrameOf<
  'call:incoming' | 'call:ended' | 'call:offer' | 'call:answer' | 'call:ice-candidate'
>;

export interface FrameRoutes {
  /**
   * Frames that change the store, and presence, which keeps its place among them. `chars`: the length of the frame's
   * JSON.
   */
  sync(frame: SyncFrame | ServerFrameOf<'presence'>, chars: number): void;
  typing(frame: TypingFrame): void;
  calls(frame: CallFrame): void;
  /** One of our frames was refused. */
  refused(frame: ServerFrameOf<'error'>): void;
}

/** Routes a frame. Sign-in frames are the socket's own business and end here. */
export function routeFrame(frame: ServerFrame, chars: number, routes: FrameRoutes): void {
  switch (frame.type) {
    case 'message:new':
    case 'message:status':
    case 'reaction:new':
    case 'reaction:removed':
    case 'chat:read':
    case 'presence':
      return routes.sync(frame, chars);
    case 'typing:start':
    case 'typing:stop':
      return routes.typing(frame);
    case 'call:incoming':
    case 'call:ended':
    case 'call:offer':
    case 'call:answer':
    case 'call:ice-candidate':
      return routes.calls(frame);
    case 'error':
      return routes.refused(frame);
    case 'auth:success':
    case 'auth:error':
      return;
    default:
      frame satisfies never;
  }
}
