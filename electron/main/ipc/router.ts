/**
 * Takes commands from pages: checks the sender and its role first, then the rest, see answer.ts. A refusal is logged as
 * an error and gives the page nothing but its code. Channels are registered before the window opens; what answers them
 * may still be loading.
 */
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { CHANNEL_NAMES, type ChannelName } from '#contract/ipc/channels.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import type { Logger, Disposer } from '../services/ports.ts';
import type { Answer } from './answer.ts';
import { ROLES, type WindowRole } from '../lib/roles.ts';
import { type SenderRules, senderOf } from './sender.ts';

export interface RouterOptions {
  ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>;
  /** What answers, once it is loaded: commands wait for it. */
  answer: Promise<Answer>;
  sender: SenderRules;
  logger: Logger;
}

function roleProblem(role: WindowRole, name: ChannelName): string | null {
  return ROLES[role].channels.has(name) ? null : `not for a window of the role "${role}"`;
}

/** Registers every channel; the disposer removes them. */
export function startRouter(options: RouterOptions): Disposer {
  const { ipcMain, logger } = options;
  for (const name of CHANNEL_NAMES) {
    ipcMain.handle(name, async (event: IpcMainInvokeEvent, ...args: unknown[]): Promise<Result<unknown>> => {
      const sender = senderOf(event, options.sender);
      const problem = 'problem' in sender ? sender.problem : roleProblem(sender.role, name);
      if ('problem' in sender || problem !== null) {
        logger.error('ipc.denied', { channel: name, reason: problem });
        return fail('denied', 'not from here');
      }
      return (await options.answer)(name, args, sender.role);
    });
  }
  return () => {
    for (const name of CHANNEL_NAMES) ipcMain.removeHandler(name);
  };
}
