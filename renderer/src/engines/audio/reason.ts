/** Why a sound could not be loaded. */
import type { AudioProblem } from './types.ts';

/** An element names no status: one byte is asked for. `codec` means that the bytes are there. */
export async function reasonOf(address: string): Promise<AudioProblem> {
  if (address === '') return 'gone';
  try {
    const answer = await fetch(address, { headers: { range: 'bytes=0-0' } });
    await answer.body?.cancel();
    if (answer.ok) return 'codec';
    return answer.status === 404 || answer.status === 410 ? 'gone' : 'load';
  } catch (error) {
    // A network error is an answer as well.
    if (error instanceof TypeError) return 'load';
    throw error;
  }
}
