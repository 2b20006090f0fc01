/**
 * Answers commands of the page: first a size check, then the schema, then the handler, and always with a Result. The
 * sender was checked before, in router.ts.
 */
import type { ChannelInput, ChannelName, ChannelOutput } from '#contract/ipc/channels.ts';
import { CHANNEL_SCHEMAS } from '#contract/ipc/schemas.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import { errorName } from '../lib/emitter.ts';
import type { Logger } from '../services/ports.ts';
import { plainDataProblem } from './plain-data.ts';
import type { WindowRole } from '../lib/roles.ts';

/** `caller`: role of the calling window. */
type Handler<N extends ChannelName> = (input: ChannelInput<N>, caller: WindowRole) => Promise<Result<ChannelOutput<N>>>;

/** One handler per channel; a missing one fails the type check. */
export type Handlers = { [N in ChannelName]: Handler<N> };

/** Answers one command from a permitted sender. */
export type Answer = (name: ChannelName, args: unknown[], caller: WindowRole) => Promise<Result<unknown>>;

export interface AnswerOptions {
  handlers: Handlers;
  logger: Logger;
  /** Also validates every answer against its schema: for development and tests. */
  checkAnswers: boolean;
}

/** Creates the function that answers every channel. It never throws. */
export function createAnswer(options: AnswerOptions): Answer {
  return (name, args, caller) => answer(name, args, caller, options);
}

async function answer<N extends ChannelName>(
  name: N,
  args: unknown[],
  caller: WindowRole,
  options: AnswerOptions,
): Promise<Result<unknown>> {
  const { logger } = options;
  const refuse = (reason: string): Result<never> => {
    logger.warn('ipc.refused', { channel: name, reason });
    return fail('bad_request', reason);
  };
  if (args.length > 1) return refuse('more than one argument');
  const input = args[0];
  const notPlain = plainDataProblem(input);
  if (notPlain !== null) return refuse(notPlain);
  const parsed = CHANNEL_SCHEMAS[name].input.safeParse(input);
  if (!parsed.success) {
    return refuse(
      parsed.error.issues
        .slice(0, 3)
        .map((issue) => `${issue.path.join('.') || '(input)'}: ${issue.code}`)
        .join('; '),
    );
  }
  try {
    // The channel's schema produces exactly its handler's argument.
    const result = await options.handlers[name](parsed.data as ChannelInput<N>, caller);
    if (!result.ok || !options.checkAnswers) return result;
    const checked = CHANNEL_SCHEMAS[name].output.safeParse(result.value);
    if (checked.success) return result;
    const where = checked.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.code}`);
    logger.error('ipc.wrong_answer', { channel: name, where });
    return fail('internal', 'the answer does not fit its schema');
  } catch (error) {
    logger.error('ipc.handler_threw', { channel: name, error: errorName(error) });
    return fail('internal', 'the handler failed');
  }
}
