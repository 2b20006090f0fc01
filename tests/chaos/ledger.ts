/** What the server and a client hold of a chat, and how the two and the person's own words compare. */
import type { Message } from '../../contract/api/message.ts';
import type { MessageView } from '../../contract/ipc/views.ts';
import type { RelayClient } from '../helpers/relay-client.ts';
import { must, type Person } from '../helpers/data-world.ts';

/** Everything the server holds of a chat, oldest first. */
export async function serverHistory(api: RelayClient, chatId: string): Promise<Message[]> {
  const found: Message[] = [];
  for (let offset = 0; ; offset += 100) {
    const answer = await api.get<{ messages: Message[] }>(`/chats/${chatId}/messages`, { limit: 100, offset });
    if (answer.status !== 200) throw new Error(`history: ${answer.status}`);
    found.push(...answer.body.messages);
    if (answer.body.messages.length < 100) return found.reverse();
  }
}

/** Everything the client's store holds of a chat, oldest first; stops at a gap. */
export async function clientHistory(
  person: Person,
  chatId: string,
): Promise<{ messages: MessageView[]; hasGap: boolean }> {
  let page = must(await person.data.messages.page({ chatId, anchor: { at: 'latest' }, limit: 200 }));
  const messages = [...page.items];
  while (page.older === 'more') {
    const key = messages[0]?.key ?? '';
    page = must(await person.data.messages.page({ chatId, anchor: { at: 'before', key }, limit: 200 }));
    messages.unshift(...page.items);
  }
  return { messages, hasGap: page.older === 'gap' || page.newer === 'gap' };
}

export interface Verdict {
  /** Written and answered here, but not at the server. */
  lost: number;
  /** More than once at the server. */
  doubles: number;
  /** Doubles of which not every copy is marked here. */
  unmarked: number;
  /** Neighbours that stand at the server in another order than they were written. */
  disordered: number;
}

/** Compares what was written in a chat, in its order, with what the server holds. Texts must be unique. */
export function judge(written: readonly string[], server: readonly string[], marked: ReadonlySet<string>): Verdict {
  const places = new Map<string, number[]>();
  server.forEach((text, place) => places.set(text, [...(places.get(text) ?? []), place]));
  let lost = 0;
  let disordered = 0;
  let last = -1;
  for (const text of written) {
    const [first] = places.get(text) ?? [];
    if (first === undefined) {
      lost += 1;
      continue;
    }
    if (first < last) disordered += 1;
    last = Math.max(last, first);
  }
  const twice = [...places].filter(([, found]) => found.length > 1).map(([text]) => text);
  return { lost, doubles: twice.length, unmarked: twice.filter((text) => !marked.has(text)).length, disordered };
}
