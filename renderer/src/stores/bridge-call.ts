/** Calls over the bridge that return a result instead of throwing, even if the bridge itself fails. */
import type { Bridge } from '#contract/ipc/channels.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import { getBridge } from '../bridge.ts';

/** Runs one command. A rejected promise (main is gone, the argument could not be cloned) becomes `internal`. */
export async function ask<T>(command: (bridge: Bridge) => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await command(getBridge());
  } catch (error) {
    console.error('bridge call failed', error);
    return fail('internal', error instanceof Error ? error.message : String(error));
  }
}
