/** Reads a waveform as the server has measured it. */
import { MOST_PEAKS } from '#contract/ipc/file-views.ts';
import { type AppError, ok, type Result } from '#contract/model/errors.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { AccountContext } from '../ports.ts';

/** Bytes of a waveform; the server's has a few hundred numbers. */
const MOST_BYTES = 64 * 1024;
/** The largest number in it. */
const FULL = 255;

/** Numbers from 0 to 1, at most as many as the contract allows, each the loudest of its part; null when it is none. */
export function readWaveform(json: string): number[] | null {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!Array.isArray(list) || list.length === 0) return null;
  const levels = list.map((level: unknown) =>
    typeof level === 'number' && level >= 0 ? Math.min(level / FULL, 1) : 0,
  );
  if (levels.length <= MOST_PEAKS) return levels;
  return Array.from({ length: MOST_PEAKS }, (_, n) => {
    const from = Math.floor((n * levels.length) / MOST_PEAKS);
    const to = Math.floor(((n + 1) * levels.length) / MOST_PEAKS);
    return Math.max(...levels.slice(from, to));
  });
}

/** Fetches the waveform of a sound; null when the server offers none. */
export async function fetchWaveform(
  { api }: Pick<AccountContext, 'api'>,
  id: string,
): Promise<Result<number[] | null>> {
  const answer = await api.download('download', { params: { id }, query: { variant: 'waveform' } });
  if (!answer.ok) {
    const { code } = answer.error;
    return code === 'not_found' || code === 'forbidden' ? ok(null) : { ok: false, error: answer.error };
  }
  try {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of answer.value.body) {
      size += piece.length;
      if (size > MOST_BYTES) return ok(null);
      pieces.push(piece);
    }
    return ok(readWaveform(Buffer.concat(pieces).toString('utf8')));
  } catch (error) {
    if (!(error instanceof TransferFailed)) throw error;
    const failure: AppError = error.failure;
    return { ok: false, error: failure };
  } finally {
    answer.value.cancel();
  }
}
