/** What README.md tells a person to type, typed as it stands there: the demonstration of two people. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { DEMO_PEOPLE } from '../../scripts/lib/demo.ts';
import { ROOT } from '../../scripts/lib/paths.ts';
import { chatList, expectState, message, nameOf, openChat, sendText } from '../helpers/app-person.ts';

interface Command {
  /** What it has written so far, both streams. */
  output(): string;
  /** Ctrl+C: the whole foreground of the terminal hears it. */
  interrupt(): Promise<void>;
  /** True while anything that it started still runs. */
  isAlive(): boolean;
  /** Its folder for what is thrown away. */
  folder: string;
}

function groupLives(child: ChildProcess): boolean {
  try {
    process.kill(-(child.pid ?? 0), 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

const test = base.extend<{ type: (line: string, env?: Record<string, string>) => Promise<Command> }>({
  type: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-typed-'));
    const children: ChildProcess[] = [];
    await use(async (line, given = {}) => {
      const env = Object.entries(process.env).filter(([name]) => !name.startsWith('RELAY_'));
      const child = spawn('sh', ['-c', `exec ${line}`], {
        cwd: ROOT,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...Object.fromEntries(env), TMPDIR: folder, ...given },
      });
      children.push(child);
      let text = '';
      const keep = (chunk: Buffer): void => void (text += chunk.toString());
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      const exited = once(child, 'exit');
      return {
        folder,
        output: () => text,
        isAlive: () => groupLives(child),
        async interrupt() {
          process.kill(-(child.pid ?? 0), 'SIGINT');
          await exited;
        },
      };
    });
    for (const child of children) if (groupLives(child)) process.kill(-(child.pid ?? 0), 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
});

test.skip(process.platform === 'win32', 'a terminal of Windows has no groups of processes');

/** The address that is printed for a person, by name; that of a start without one is `this address`. */
function addressOf(output: string, name: string): string | null {
  const lines = output.split('\n');
  const at = lines.findIndex((line) => line.includes(`${name}'s window`) || line.includes(`Open ${name} in`));
  return at < 0 ? null : (/http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(lines[at + 1] ?? '')?.[0] ?? null);
}

test('the demonstration: two named windows, both signed in, a message from one to the other, and nothing left', async ({
  context,
  type,
}) => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const line = /`(npm start -- --demo --print)`/.exec(readme)?.[1] ?? '';
  expect(line, 'README.md names the command').not.toBe('');
  const command = await type(line);
  const pages: Page[] = [];
  for (const person of DEMO_PEOPLE) {
    await expect.poll(() => addressOf(command.output(), nameOf(person)), { timeout: 60_000 }).not.toBeNull();
    const page = await context.newPage();
    await page.goto(addressOf(command.output(), nameOf(person)) ?? '');
    pages.push(page);
  }
  const [miras, tomass] = pages as [Page, Page];
  const [mira, tomas] = DEMO_PEOPLE;
  await expect(chatList(miras)).toBeVisible();
  await expect(chatList(tomass)).toBeVisible();
  await openChat(miras, tomas);
  await openChat(tomass, mira);
  await sendText(miras, 'Said in one window');
  await expect(message(tomass, 'Said in one window')).toBeVisible();
  await expectState(miras, 'Said in one window', 'Read');
  expect(command.output()).toContain('Mira Lindqvist is signed in');

  await expect(miras).toHaveTitle('Relay – Mira Lindqvist');
  await expect(tomass).toHaveTitle('Relay – Tomas Okafor');

  expect(await readdir(command.folder)).toContainEqual(expect.stringMatching(/^relay-demo-/));
  await command.interrupt();
  await expect.poll(() => command.isAlive()).toBe(false);
  expect(await readdir(command.folder)).toEqual([]);
});

test('a second person: a window with data of its own beside the first, on the same relay', async ({
  context,
  type,
}, info) => {
  test.skip(process.platform !== 'linux', 'elsewhere the folders of a person cannot be moved by a variable');
  const data = info.outputPath('data');
  const env = { XDG_DATA_HOME: data, XDG_CONFIG_HOME: info.outputPath('config') };
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const line = /^(npm start -- --profile work)$/m.exec(readme)?.[1] ?? '';
  expect(line, 'README.md names the command').not.toBe('');

  const first = await type('npm start -- --print', env);
  const signIn = async (command: Command, name: string): Promise<void> => {
    await expect.poll(() => addressOf(command.output(), name), { timeout: 60_000 }).not.toBeNull();
    const page = await context.newPage();
    await page.goto(addressOf(command.output(), name) ?? '');
    await expect(page.getByRole('heading', { name: 'Sign in to Relay' })).toBeVisible();
  };
  await signIn(first, 'this address');
  const second = await type(`${line} --print`, env);
  await signIn(second, 'work');
  expect(await readdir(join(data, 'relay-desktop', 'profiles', 'stand-in', 'work'))).toContain('logs');
  const relayOf = (command: Command) => /relay of this computer is at (\S+?)[.,]/.exec(command.output())?.[1];
  expect(relayOf(second)).toBe(relayOf(first));

  // Nobody asked for the administrator's password: its file is named, by the first start alone.
  const file = join(data, 'relay-desktop', 'relay', 'admin-password');
  expect(first.output()).toContain(file);
  expect(second.output()).not.toContain(file);
  expect(first.output()).not.toContain((await readFile(file, 'utf8')).trim());

  // The same person a second time meets the lock and ends by itself.
  const again = await type(`${line} --print`, env);
  await expect.poll(() => again.isAlive(), { timeout: 60_000 }).toBe(false);
  expect(second.isAlive()).toBe(true);
  for (const command of [second, first]) await command.interrupt();
});

test('the demonstration in windows of a browser: both are signed in, and the windows stand side by side', async ({
  type,
}, info) => {
  // A browser that only tells how it was started, and waits: what a person would see of it needs a display.
  const browser = info.outputPath('browser');
  const seen = info.outputPath('seen');
  await writeFile(browser, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${seen}'\nexec sleep 60\n`, { mode: 0o755 });
  const env = { RELAY_BROWSER: browser, DISPLAY: ':0' };
  const command = await type('npm start -- --demo --stand-in', env);
  for (const person of DEMO_PEOPLE) {
    await expect.poll(() => command.output(), { timeout: 60_000 }).toContain(`${nameOf(person)} is signed in`);
  }
  const positions = async () => [...(await readFile(seen, 'utf8')).matchAll(/--window-position=(\S+)/g)];
  await expect.poll(async () => (await positions()).map(([, at]) => at).sort()).toEqual(['0,0', '720,0']);
  await command.interrupt();
  await expect.poll(() => command.isAlive()).toBe(false);
});
