/** Validates what a page sends to its host: pages are not trusted, on the stand-in as under Electron. */
import { z } from 'zod';
import { decode } from '../wire/codec.ts';
import type { PageFrame } from '../wire/frames.ts';

const id = z.number().int();
const url = z
  .string()
  .max(100_000)
  .refine((text) => URL.canParse(text));
const channel = z.string().max(1000);
const args = z.string();

const Schema: z.ZodType<PageFrame> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('invoke'), id, channel, args }),
  z.object({ kind: z.literal('send'), channel, args }),
  z.object({ kind: z.literal('stage'), stage: z.enum(['dom-ready', 'finish']), title: z.string(), url }),
  z.object({ kind: z.literal('focus'), focused: z.boolean(), visible: z.boolean() }),
  z.object({ kind: z.literal('title'), title: z.string() }),
  z.object({ kind: z.literal('navigate'), id, url }),
  z.object({ kind: z.literal('moved'), url }),
  z.object({ kind: z.literal('open'), url, disposition: z.enum(['foreground-tab', 'background-tab', 'new-window']) }),
  z.object({
    kind: z.literal('permission'),
    id,
    permission: z.string(),
    mediaTypes: z.array(z.enum(['audio', 'video'])),
  }),
  z.object({ kind: z.literal('leaving') }),
]);

/** Parses a frame; null when it is invalid. */
export function readPageFrame(text: string): PageFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const result = Schema.safeParse(value);
  return result.success ? result.data : null;
}

/** Decodes arguments; null when they are invalid. */
export function readArguments(text: string): unknown[] | null {
  try {
    const values = decode(text);
    return Array.isArray(values) ? (values as unknown[]) : null;
  } catch {
    // Our pages never send text that fails to decode.
    return null;
  }
}
