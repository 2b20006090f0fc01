/**
 * Takes the page's commands: first who speaks, then the rest, see answer.ts. A refusal is loud in the log and tells the
 * page nothing but its code. The channels are registered before the window opens; what answers them may still be loading.
 */
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { CHANNEL_NAMES } from '#contract/ipc/channels.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import type { Logger, Undo } from '../services/ports.ts';
import type { Answer } from './answer.ts';
import { type SenderRules, senderProblem } from './sender.ts';

export interface RouterOptions {
  ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>;
  /** What answers, as soon as it is there: a command waits for it. */
  answer: Promise<Answer>;
  sender: SenderRules;
  logger: Logger;
}

/** Registers every channel; the answer takes them all away again. */
export function startRouter(options: RouterOptions): Undo {
  const { ipcMain, logger } = options;
  for (const name of CHANNEL_NAMES) {
    ipcMain.handle(name, async (event: IpcMainInvokeEvent, ...args: unknown[]): Promise<Result<unknown>> => {
      const problem = senderProblem(event, options.sender);
      if (problem !== null) {
        logger.error('ipc.denied', { channel: name, reason: problem });
        return fail('denied', 'not from here');
      }
      return (await options.answer)(name, args);
    });
  }
  return () => {
    for (const name of CHANNEL_NAMES) ipcMain.removeHandler(name);
  };
}
