import { z } from 'zod';

/** The extensions a node can announce; the app uses one only where the connected server announced it. */
export const CAPABILITIES = [
  'idempotency',
  'cursors',
  'sync',
  'message-read',
  'chat-pages',
  'presence',
  'resumable-upload',
  'turn',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Public facts of a node. Names of extensions this app does not know are kept as strings and ignored. */
export const Capabilities = z
  .object({
    /** Says that this is a Relay server at all: a client uses it to tell a wrong address from a right one. */
    server: z.literal('relay'),
    version: z.string().max(64),
    capabilities: z.array(z.string().max(64)).max(100),
  })
  .meta({ id: 'Capabilities' });
export type Capabilities = z.infer<typeof Capabilities>;
