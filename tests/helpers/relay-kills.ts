/** Two people who send while their relay is killed: what any database behind it has to keep. */
import { expect } from 'vitest';
import type { Message } from '../../contract/api/message.ts';
import { registerAt } from './relay.ts';
import type { SpawnedRelay } from './relay-process.ts';
import { chatBetween, history } from './relay-scene.ts';

/**
 * Kills the node (SIGKILL) four times in the middle of sends, whose senders try again with the same key. Expects
 * everything that was acknowledged, once, in the order in which each of them has sent it.
 */
export async function sendThroughKills(node: SpawnedRelay): Promise<void> {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.info(`seed ${seed}`);
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000;
  const [anna, boris] = [await registerAt(node.url, 'anna'), await registerAt(node.url, 'boris')];
  const chatId = await chatBetween(anna, boris);
  const acknowledged: { id: string; content: string }[] = [];
  let number = 0;
  let up = Promise.resolve();
  for (let round = 0; round < 4; round += 1) {
    let alive = true;
    const senders = [anna, boris].map(async (user) => {
      while (alive) {
        const content = `m${(number += 1)}`;
        for (let done = false; !done;) {
          // The same key until there is an answer, as the app does it.
          const body = { chatId, content, clientId: `key-${content}` };
          const answer = await user.api.post<{ message: Message }>('/messages/send', body).catch(() => null);
          done = answer?.status === 201 || answer?.status === 200;
          if (done && answer) acknowledged.push({ id: answer.body.message.id, content });
          else await up;
        }
      }
    });
    const before = acknowledged.length;
    while (acknowledged.length < before + 20 + random() * 60) await new Promise((next) => setTimeout(next, 1));
    up = node.restart();
    alive = false;
    await up;
    await Promise.all(senders);
  }
  const stored: Message[] = [];
  for (let offset = 0, more = true; more; offset += 100) {
    const { messages } = await history(anna, chatId, { limit: 100, offset });
    stored.push(...messages);
    more = messages.length === 100;
  }
  expect(acknowledged.length).toBeGreaterThan(80);
  expect(stored).toHaveLength(number);
  expect(new Set(stored.map(({ content }) => content)).size).toBe(number);
  const byId = new Map(stored.map(({ id, content }) => [id, content]));
  expect(acknowledged.filter(({ id, content }) => byId.get(id) !== content)).toEqual([]);
  for (const sender of [anna, boris]) {
    const own = stored.filter(({ senderId }) => senderId === sender.user.id).toReversed();
    const numbers = own.map(({ content }) => Number(content.slice(1)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  }
}
