/** Parses frames, and names the kind of mistake in a broken one: never its content. */
import { ServerFrame } from '#contract/ws/server-frames.ts';
import { parseWireJson } from '../../lib/wire-json.ts';

export type ReadFrame = { ok: true; frame: ServerFrame } | { ok: false; type: string; reason: string };

const KNOWN_TYPES: ReadonlySet<string> = new Set(ServerFrame.options.map((option) => option.shape.type.value));

function typeOf(json: unknown): string {
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
  return typeof type === 'string' && KNOWN_TYPES.has(type) ? type : 'unknown';
}

/** Parses one text frame of the server. */
export function readFrame(text: string): ReadFrame {
  let json: unknown;
  try {
    json = parseWireJson(text);
  } catch {
    return { ok: false, type: 'unknown', reason: 'no JSON' };
  }
  const parsed = ServerFrame.safeParse(json);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const reason = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || '(frame)'}: ${issue.code}`)
    .join('; ');
  return { ok: false, type: typeOf(json), reason };
}
