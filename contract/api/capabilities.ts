import { z } from 'zod';

/** The extensions a node can announce; the app uses one only if the connected server announces it. */
export const CAPABILITIES = [
  'idempotency',
  'cursors',
  'sync',
  'message-read',
  'chat-pages',
  'presence',
  'resumable-upload',
  'files',
  'music',
  'calls',
  'turn',
  'admin',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Public facts about a node. Unknown extension names are kept as strings and ignored. */
export const Capabilities = z
  .object({
    /** Identifies a Relay server, so that a client can tell a right address from a wrong one. */
    server: z.literal('relay'),
    version: z.string().max(64),
    capabilities: z.array(z.string().max(64)).max(100),
  })
  .meta({ id: 'Capabilities' });
export type Capabilities = z.infer<typeof Capabilities>;
