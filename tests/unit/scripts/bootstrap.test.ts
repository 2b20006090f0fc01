import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const BOOTSTRAP = resolve(import.meta.dirname, '../../../scripts/bootstrap.mjs');
const LOCK = JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } });

let root: string;

/** A project with nothing in it but the door, a task, and a lock file. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'relay-door-'));
  mkdirSync(join(root, 'scripts'));
  cpSync(BOOTSTRAP, join(root, 'scripts/bootstrap.mjs'));
  writeFileSync(join(root, 'package-lock.json'), LOCK);
  writeFileSync(
    join(root, 'scripts/build.ts'),
    'console.log("task", process.argv0, JSON.stringify(process.argv.slice(2))); process.exit(Number(process.env.CODE ?? 0));',
  );
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function addNode(): void {
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'));
}

/** Runs the door with an npm of the test's own. */
function door(args: string[], npm: string, env: Record<string, string> = {}) {
  const fake = join(root, 'npm.js');
  writeFileSync(fake, npm);
  return spawnSync(process.execPath, [join(root, 'scripts/bootstrap.mjs'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', npm_execpath: fake, ...env },
  });
}

const NEVER = 'console.log("npm was called"); process.exit(9);';
/** An npm that installs: the same as `addNode`, written as a script. */
const installs = `
  const { mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
  if (process.argv[2] !== 'ci') process.exit(8);
  mkdirSync('node_modules/node/bin', { recursive: true });
  symlinkSync(process.execPath, 'node_modules/node/bin/node');
  writeFileSync('installed', '');
  console.error('npm warn EBADENGINE');
`;

describe.skipIf(process.platform === 'win32')('the door of the tasks', () => {
  it('installs what is missing, says so in one line, and hides warnings', () => {
    const { status, stdout, stderr } = door(['build', '--x'], installs);
    expect(stderr).toBe('');
    expect(stdout.split('\n')[0]).toMatch(/^Installing packages/);
    expect(stdout).toContain('["--x"]');
    expect(stdout).toContain(join(root, 'node_modules/node/bin/node'));
    expect(status).toBe(0);
    expect(door(['build'], NEVER).stdout).not.toContain('npm was called');
  });

  it('takes what somebody else has installed, when it is what the lock file says', () => {
    addNode();
    writeFileSync(join(root, 'node_modules/.package-lock.json'), LOCK);
    expect(door(['build'], NEVER).stdout).not.toContain('npm was called');
  });

  it('installs again when the lock file has changed', () => {
    addNode();
    const hash = createHash('sha256').update('another').digest('hex');
    writeFileSync(join(root, 'node_modules/.relay-installed'), hash);
    expect(door(['build'], 'console.error("asked"); process.exit(3)').stderr).toContain('asked');
  });

  it('shows the whole error when npm fails, and does not start the task', () => {
    const { status, stdout, stderr } = door(['build'], 'console.error("E404 no such thing"); process.exit(1)');
    expect(stderr).toContain('E404 no such thing');
    expect(stderr).toContain('npm ci ended with 1');
    expect(stdout).not.toContain('task');
    expect(status).toBe(1);
  });

  it('passes the exit code of the task on', () => {
    addNode();
    writeFileSync(join(root, 'node_modules/.package-lock.json'), LOCK);
    expect(door(['build'], NEVER, { CODE: '7' }).status).toBe(7);
  });

  it('ends with its npm, which tells nobody that it was killed', async () => {
    addNode();
    writeFileSync(join(root, 'node_modules/.package-lock.json'), LOCK);
    writeFileSync(join(root, 'scripts/build.ts'), 'console.log(process.pid); setInterval(() => undefined, 1000);');
    const inner = `require('child_process').spawn(process.execPath, ['scripts/bootstrap.mjs', 'build'], { stdio: 'inherit' })`;
    const npm = spawn(process.execPath, ['-e', inner], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', npm_lifecycle_event: 'build' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [first] = (await once(npm.stdout, 'data')) as [Buffer];
    const task = Number(first.toString());
    const lives = (): boolean => {
      try {
        return process.kill(task, 0);
      } catch {
        return false;
      }
    };
    expect(lives()).toBe(true);
    npm.kill('SIGKILL');
    try {
      await vi.waitFor(() => expect(lives()).toBe(false), { timeout: 5000 });
    } finally {
      if (lives()) process.kill(task, 'SIGKILL');
    }
  });

  it('names the tasks when it does not know one', () => {
    const { status, stderr } = door(['fly'], NEVER);
    expect(stderr).toMatch(/Unknown task fly: one of start, test, dev/);
    expect(status).toBe(1);
  });
});
