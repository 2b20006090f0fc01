import type { Capability } from '#contract/api/capabilities.ts';
import type { IceServerEntry } from '#contract/api/call.ts';
import type { Serve } from '../http/serve.ts';
import type { Calls } from '../services/calls.ts';

interface CallServices {
  calls: Calls;
  /** For one person, with credentials of their own. */
  iceServers: (userId: string) => IceServerEntry[];
  has: (capability: Capability) => boolean;
}

/** Calls: their beginning and end. What the two sides say to each other to connect takes the socket. */
export function callRoutes(serve: Serve, { calls, iceServers, has }: CallServices): void {
  serve('initiateCall', async ({ user, body }) => {
    const { call, created } = await calls.initiate(user, body);
    return { status: created ? 201 : 200, body: { call } };
  });

  serve('answerCall', async ({ user, params, body }) => ({
    status: 200,
    body: { call: await calls.answer(user, params.callId, body) },
  }));

  serve('rejectCall', async ({ user, params, body }) => ({
    status: 200,
    body: { call: await calls.reject(user, params.callId, body) },
  }));

  serve('endCall', async ({ user, params }) => ({ status: 200, body: { call: await calls.end(user, params.callId) } }));

  if (has('calls')) {
    serve('calls', async ({ user, query }) => ({ status: 200, body: { calls: await calls.history(user.id, query) } }));
  }
  if (has('turn')) {
    serve('iceServers', async ({ user }) => ({ status: 200, body: { iceServers: iceServers(user.id) } }));
  }
}
