/** Asks the server something that may be asked twice, again when nobody knows whether it has heard it. */
import { fail } from '#contract/model/errors.ts';
import type { AccountContext, ApiOutcome, Clock, RelayApi } from '../ports.ts';

/** Milliseconds before the second and the third attempt. */
const AGAIN_MS = [300, 1_200];

/** @param ask may be called up to three times. */
export async function askPatiently<T>(
  clock: Pick<Clock, 'after'>,
  connection: () => AccountContext | null,
  ask: (api: RelayApi) => Promise<ApiOutcome<T>>,
): Promise<ApiOutcome<T>> {
  let outcome: ApiOutcome<T> = { ...fail('unauthenticated', 'the token has ended'), effect: 'not_stored' };
  for (const wait of [0, ...AGAIN_MS]) {
    if (wait > 0) await new Promise<void>((resolve) => clock.after(wait, resolve));
    const api = connection()?.api;
    if (!api) return outcome;
    outcome = await ask(api);
    if (outcome.ok || outcome.effect === 'not_stored') return outcome;
  }
  return outcome;
}
