/** What the person asks for in the strip of the connection: main reaches for the server at once. */
import { afterEach, expect, it } from 'vitest';
import { createPerson, type Person } from '../../helpers/data-world.ts';
import { tcpServer } from '../../helpers/main-servers.ts';

let person: Person | null = null;
afterEach(async () => person?.close());

it('tries at once instead of at the next turn, and again after each refusal', async () => {
  const gone = await tcpServer((socket) => socket.destroy());
  const user = { id: 'anna', username: 'anna', firstName: 'Anna', lastName: 'Berg' };
  person = await createPerson({ url: gone.url, user, token: 'token' });
  const { data, page } = person;
  // Nobody is signed in: nothing is tried, and nothing fails.
  data.retryNow();
  person.open();
  for (let turn = 0; turn < 2; turn++) {
    await page.until('waiting', () => data.connection.phase === 'waiting');
    expect(data.connection.retryAt).not.toBeNull();
    data.retryNow();
    expect(data.connection.phase).toBe('connecting');
  }
  await gone.close();
});
