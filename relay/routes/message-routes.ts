import type { Capability } from '#contract/api/capabilities.ts';
import { ClientId } from '#contract/api/message.ts';
import { invalidField } from '../errors.ts';
import type { Serve } from '../http/serve.ts';
import type { Budgets } from '../services/budgets.ts';
import type { Messaging } from '../services/messaging.ts';
import type { ViewsFor } from '../services/views.ts';

interface MessageServices {
  messaging: Messaging;
  budgets: Budgets;
  viewsFor: ViewsFor;
  has: (capability: Capability) => boolean;
  /** The emojis available as reactions. */
  emojis: readonly string[];
}

/** Sending, fetching and reacting to messages. */
export function messageRoutes(serve: Serve, { messaging, budgets, viewsFor, has, emojis }: MessageServices): void {
  /** The idempotency key of a send: from the body, the header, or both if they agree. */
  function keyOf(inBody: string | undefined, inHeader: string | undefined): string | undefined {
    if (inHeader === undefined || !has('idempotency')) return inBody;
    const key = ClientId.safeParse(inHeader);
    if (!key.success || (inBody !== undefined && inBody !== key.data)) {
      throw invalidField('clientId', 'invalid', 'The Idempotency-Key is not valid, or not the one of the body.');
    }
    return key.data;
  }

  serve('sendMessage', async ({ user, body, header }) => {
    const { clientId: inBody, ...payload } = body;
    const clientId = keyOf(inBody, header('idempotency-key'));
    await budgets.write(user.id, Buffer.byteLength(body.content));
    const { value, created } = await messaging.send(user, {
      ...payload,
      ...(clientId === undefined ? {} : { clientId }),
    });
    return { status: created ? 201 : 200, body: { message: value } };
  });

  serve('message', async ({ user, params }) => {
    const row = await messaging.messageOf(user.id, params.messageId);
    return { status: 200, body: { message: await viewsFor(user.id).message(row) } };
  });

  serve('react', async ({ user, params, body }) => {
    await budgets.write(user.id);
    const { value, created } = await messaging.react(user, params.messageId, body.emoji);
    return { status: created ? 201 : 200, body: { reaction: value } };
  });

  serve('unreact', async ({ user, params }) => {
    await budgets.write(user.id);
    await messaging.unreact(user, params.messageId, params.reactionId);
    return { status: 204, body: undefined };
  });

  serve('reactions', () => ({ status: 200, body: { reactions: [...emojis] } }));
}
