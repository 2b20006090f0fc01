/** The demo data: two people and their conversation, created on a real relay through its API and socket. */
import { ROUTES, type RouteName } from '../../contract/routes.ts';

export interface DemoPerson {
  username: string;
  password: string;
  firstName: string;
  lastName: string;
}

export const DEMO_PEOPLE: readonly [DemoPerson, DemoPerson] = [
  { username: 'mira', password: 'demo-mira', firstName: 'Mira', lastName: 'Lindqvist' },
  { username: 'tomas', password: 'demo-tomas', firstName: 'Tomas', lastName: 'Okafor' },
];

/** Two of these fit side by side on a display 1440 pixels wide, and the page still shows both columns. */
const WINDOW = { width: 720, height: 780 };

/** The saved position of a window: the n-th one is to the right of the previous ones. */
export function demoPlace(index: number): { x: number; y: number; width: number; height: number; maximized: boolean } {
  return { x: index * WINDOW.width, y: 0, ...WINDOW, maximized: false };
}

/** The conversation: who speaks (0 or 1), the text, the line it replies to, and the other person's reaction. */
const LINES: readonly { by: 0 | 1; text: string; answers?: number; reaction?: string }[] = [
  { by: 0, text: 'Morning! Did the night train arrive?' },
  { by: 1, text: 'It did, forty minutes late and worth every one of them. The fog over the lake was unreal.' },
  { by: 0, text: 'Photos, please. *All* of them.', answers: 1, reaction: '👍' },
  { by: 1, text: 'Tonight, when I find a socket that works.' },
  { by: 0, text: 'The agenda for Thursday:\n> 10:00 review\n> 11:30 the new players\n> 13:00 lunch, on me' },
  { by: 1, text: 'Lunch moves up. I vote for `12:00`.', answers: 4, reaction: '😂' },
  { by: 0, text: 'Motion carried.', reaction: '🎉' },
  { by: 1, text: 'I will bring the record you lent me. Sorry it took a year.' },
  { by: 0, text: 'You kept it safe. That is what friends are for ❤️' },
  { by: 1, text: 'See you Thursday, then. Call me when you are out of the meeting?' },
];

type Body = Record<string, unknown>;

/** Calls a row of the route table. Throws with the server's message when it is refused. */
export async function call(
  url: string,
  route: RouteName,
  given: { token?: string; params?: Body; body?: Body },
): Promise<Body> {
  const { method, path } = ROUTES[route];
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(given.params?.[name])));
  const answer = await fetch(`${url}/api${filled}`, {
    method,
    headers: {
      ...(given.body ? { 'content-type': 'application/json' } : {}),
      ...(given.token === undefined ? {} : { authorization: `Bearer ${given.token}` }),
    },
    ...(given.body ? { body: JSON.stringify(given.body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the demonstration could not ${route}: ${answer.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Body;
}

export function idOf(part: unknown): string {
  if (typeof part === 'object' && part !== null && 'id' in part && typeof part.id === 'string') return part.id;
  throw new Error('the demonstration got an answer without an id');
}

/** The people as they were made, and where they talk. */
export interface SeededDemo {
  people: readonly [{ id: string; token: string }, { id: string; token: string }];
  chatId: string;
}

/** Creates the people and their conversation. */
export async function seedDemo(url: string): Promise<SeededDemo> {
  const [first, second] = await Promise.all(
    DEMO_PEOPLE.map(async (person) => {
      const { user, token } = await call(url, 'register', { body: { ...person, age: 30 } });
      return { id: idOf(user), token: String(token) };
    }),
  );
  if (!first || !second) throw new Error('the demonstration has no people');
  const people = [first, second] as const;
  const { chat } = await call(url, 'createChat', { token: first.token, body: { userId: second.id } });
  const chatId = idOf(chat);
  const emojis = new Set((await call(url, 'reactions', { token: first.token })).reactions as string[]);
  const ids: string[] = [];
  for (const [index, line] of LINES.entries()) {
    const replyToId = line.answers === undefined ? undefined : ids[line.answers];
    const { token } = people[line.by];
    // Replying implies having read what came before.
    await call(url, 'history', { token, params: { chatId } });
    const body = { chatId, content: line.text, ...(replyToId === undefined ? {} : { replyToId }) };
    const { message } = await call(url, 'sendMessage', { token, body });
    ids[index] = idOf(message);
    if (line.reaction !== undefined && emojis.has(line.reaction)) {
      const other = people[line.by === 0 ? 1 : 0];
      await call(url, 'react', {
        token: other.token,
        params: { messageId: ids[index] },
        body: { emoji: line.reaction },
      });
    }
  }
  return { people, chatId };
}
