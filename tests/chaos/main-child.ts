/**
 * A main process to be killed: the data services of one person, writing messages one after the other, that ends itself
 * with SIGKILL at a named step. What it was told it has, it reports to its parent before anything else.
 */
import { z } from 'zod';
import { User } from '../../contract/api/user.ts';
import { createPerson } from '../helpers/data-world.ts';

const Task = z.object({
  url: z.string(),
  user: User,
  token: z.string(),
  userDataDir: z.string(),
  /** The person written to. */
  peerId: z.string(),
  /** Texts to write; none: only finish what was left. */
  texts: z.array(z.string()),
  /** The step to die at, and the how manieth time it is reached. */
  step: z.string().nullable(),
  times: z.number(),
});
export type Task = z.infer<typeof Task>;
export type Report = { kind: 'answered'; text: string } | { kind: 'written' } | { kind: 'idle' };

function tell(report: Report): void {
  process.send?.(report);
}

async function work(task: Task): Promise<void> {
  let reached = 0;
  const person = await createPerson({
    ...task,
    data: {
      onFailpoint: (step) => {
        if (step !== task.step) return;
        reached += 1;
        if (reached === task.times) process.kill(process.pid, 'SIGKILL');
      },
    },
  });
  person.open();
  const chat = await person.data.chats.create({ userId: task.peerId });
  if (!chat.ok) throw new Error(chat.error.code);
  for (const text of task.texts) {
    const sent = await person.data.messages.send({ chatId: chat.value.id, text, replyTo: null });
    if (!sent.ok) throw new Error(sent.error.code);
    tell({ kind: 'answered', text });
  }
  tell({ kind: 'written' });
  const isIdle = async (): Promise<boolean> => {
    const { chats, connection } = await person.data.snapshot();
    return connection.phase === 'live' && chats.every((chat) => chat.waiting === 0 && chat.failed === 0);
  };
  while (!(await isIdle())) await new Promise((resolve) => setTimeout(resolve, 25));
  tell({ kind: 'idle' });
}

process.on('disconnect', () => process.exit(0));
process.once('message', (message) => {
  work(Task.parse(message)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'failed'}\n`);
    process.exit(1);
  });
});
