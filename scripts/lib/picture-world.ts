/** More people around the demo's first person, so that screenshots show a list as it looks after a year. */
import { createRelayClient, type RelayClient } from '../../tests/helpers/relay-client.ts';
import { DEMO_PEOPLE, type DemoPerson } from './demo.ts';
import { harbourFiles } from './picture-files.ts';

/** Has an account but no chat yet. */
export const NEWCOMER: DemoPerson = { username: 'nora', password: 'demo-nora', firstName: 'Nora', lastName: 'Weiss' };

const LONG =
  'Two clear days, and then it turns. If we take the early ferry we’d have the whole of Saturday on the north side, and ' +
  'Sunday morning for the lighthouse. I checked the timetable twice: the last boat back leaves at 17:40, not at 18:10 as ' +
  'the poster says, so we should be at the pier by half past five with everything packed.';

interface Friend {
  username: string;
  firstName: string;
  lastName: string;
  /** The messages, oldest first; those starting with `>` are from the first person. */
  lines: readonly string[];
}

const FRIENDS: readonly Friend[] = [
  { username: 'sam', firstName: 'Sam', lastName: 'Whitlock', lines: ['>Which level?', 'Parked on level 3'] },
  { username: 'eva', firstName: 'Eva', lastName: 'Lindström', lines: ['Photos from the harbour are on their way'] },
  {
    username: 'kay',
    firstName: 'Kay',
    lastName: 'Osei',
    lines: ['Call you back in ten minutes', 'Still on the line…'],
  },
  {
    username: 'mia',
    firstName: 'Mia',
    lastName: 'Novak',
    lines: ['The tickets are booked 🎫', '>Thank you! See you at six'],
  },
  { username: 'olga', firstName: 'Ольга', lastName: 'Ким', lines: ['План этажа готов, посмотри, пожалуйста'] },
  { username: 'denis', firstName: 'Денис', lastName: 'Константинопольский', lines: ['Успеваем на ранний паром?'] },
  { username: 'raj', firstName: 'Raj', lastName: 'Mehta', lines: ['floor-plan-v4 is the one to use, not v3'] },
  { username: 'ana', firstName: 'Ana', lastName: 'Duarte', lines: ['Did the invoice arrive?'] },
  {
    username: 'ivy',
    firstName: 'Ivy',
    lastName: 'Chen',
    lines: [
      'Did you see the forecast for the weekend?',
      LONG,
      '>The early one is at 07:40. I can do that if somebody brings coffee',
      '>Last year, about an hour before the rain:',
      'Here is the script that I promised:\n```\nconst early = ferries.filter((one) => one.leaves < "08:00");\nfor (const ferry of early) console.log(ferry.name, ferry.leaves, ferry.seats);\n```',
      '>' + LONG,
      'https://example.org/timetables/summer/north-side?from=pier&to=lighthouse',
      '🏕️',
      '>Perfect. Then I’ll bring the stove and the good coffee ☕',
      'The new build is up, try it when you can',
    ],
  },
];

/** Registers the person and returns a client for their requests. */
async function register(url: string, person: DemoPerson, bio: string): Promise<{ id: string; api: RelayClient }> {
  const { status, body } = await createRelayClient(url).post<{ user: { id: string }; token: string }>(
    '/auth/register',
    { ...person, age: 30, bio },
  );
  if (status !== 201) throw new Error(`${person.username} was not registered: ${String(status)}`);
  return { id: body.user.id, api: createRelayClient(url, body.token) };
}

/** Sends files with a text. */
async function sendFiles(
  api: RelayClient,
  chatId: string,
  content: string,
  files: readonly [name: string, bytes: Buffer][],
): Promise<void> {
  const attachments: string[] = [];
  for (const [name, bytes] of files) {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)]), name);
    const { status, body } = await api.request<{ file: { id: string } }>('POST', '/files/upload', { body: form });
    if (status !== 201) throw new Error(`${name} was not uploaded: ${String(status)}`);
    attachments.push(body.file.id);
  }
  const sent = await api.post('/messages/send', { chatId, content, attachments });
  if (sent.status !== 201) throw new Error(`files were not sent: ${String(sent.status)}`);
}

/** Creates the newcomer, and friends who chat with the demo's first person. Requires the demo data. */
export async function seedPictures(url: string): Promise<void> {
  const [me] = DEMO_PEOPLE;
  await register(url, NEWCOMER, '');
  const { body: mine } = await createRelayClient(url).post<{ token: string }>('/auth/login', {
    username: me.username,
    password: me.password,
  });
  const own = createRelayClient(url, mine.token);
  for (const { lines, ...name } of FRIENDS) {
    const friend = await register(
      url,
      { ...name, password: `demo-${name.username}` },
      'Ferries, tents and far too many maps. Ask me for the good ones.',
    );
    const { body: made } = await own.post<{ chat: { id: string } }>('/chats', { userId: friend.id });
    for (const line of lines) {
      const isMine = line.startsWith('>');
      const content = isMine ? line.slice(1) : line;
      const sent = await (isMine ? own : friend.api).post('/messages/send', { chatId: made.chat.id, content });
      if (sent.status !== 201) throw new Error(`"${content}" was not sent: ${String(sent.status)}`);
    }
    if (name.username !== 'eva') continue;
    for (const { text, files } of await harbourFiles()) await sendFiles(friend.api, made.chat.id, text, files);
  }
}
