/**
 * The entry point of every npm task: plain JavaScript without dependencies, for whatever Node the user has (20.19 or
 * later). It installs the packages if necessary, then runs the task with the project's own Node.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const TASKS = ['start', 'test', 'dev', 'relay', 'bench', 'chaos', 'fuzz', 'mutation', 'build', 'smoke-electron'];
const OLDEST = [20, 19];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const marker = join(modules, '.relay-installed');

/** Exits with a message for the user. */
function stop(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  stop(
    `Relay needs Node ${OLDEST.join('.')} or later; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  );
}

function lockHash() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

/** The project's own Node, or null when the packages are not installed. */
function ownNode() {
  const candidates = process.platform === 'win32' ? ['node.exe', 'node'] : ['node'];
  return candidates.map((name) => join(modules, 'node', 'bin', name)).find(existsSync) ?? null;
}

/** True when the installed packages match the lock file, however they were installed. */
function isInstalled() {
  if (!ownNode()) return false;
  if (existsSync(marker)) return readFileSync(marker, 'utf8') === lockHash();
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const same = Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
  );
  if (same) writeFileSync(marker, lockHash());
  return same;
}

/** Shows the text with the elapsed seconds on a terminal, otherwise prints it once. Returns a disposer. */
function progress(text) {
  if (!process.stdout.isTTY) {
    process.stdout.write(`${text}\n`);
    return () => undefined;
  }
  const started = Date.now();
  const draw = () => process.stdout.write(`\r\x1b[K${text} ${Math.round((Date.now() - started) / 1000)} s`);
  draw();
  const timer = setInterval(draw, 1000);
  return () => {
    clearInterval(timer);
    process.stdout.write(`\r\x1b[K${text} done in ${Math.round((Date.now() - started) / 1000)} s\n`);
  };
}

/** The npm that started this process, otherwise the one in PATH. */
function npmCommand(args) {
  const npm = process.env.npm_execpath;
  if (npm && npm.endsWith('.js')) return [process.execPath, [npm, ...args], {}];
  // A .cmd file needs a shell; the arguments are our own and need no quoting.
  return process.platform === 'win32' ? ['npm.cmd', args, { shell: true }] : ['npm', args, {}];
}

/** A killed npm does not notify its children: without this the application would keep running. Returns a disposer. */
function whenOrphaned(end) {
  if (!process.env.npm_lifecycle_event) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    // Only once: a second signal would skip the graceful shutdown.
    clearInterval(timer);
    end();
  }, 500);
  return () => clearInterval(timer);
}

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, windowsHide: true, ...options });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const pass = (signal) => {
      // The terminal has already signalled the child.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    process.on('SIGINT', pass).on('SIGTERM', pass).on('SIGHUP', pass);
    const undoOrphan = whenOrphaned(() => child.kill('SIGTERM'));
    child.on('error', (error) => {
      undoOrphan();
      resolve({ code: 127, output: error.message });
    });
    child.on('close', (code, signal) => {
      undoOrphan();
      process.off('SIGINT', pass).off('SIGTERM', pass).off('SIGHUP', pass);
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 143), output });
    });
  });
}

async function install() {
  const done = progress('Installing packages (about 700 MB, a minute or two) ...');
  const [command, args, options] = npmCommand(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  const { code, output } = await run(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  done();
  if (code === 0 && ownNode()) {
    writeFileSync(marker, lockHash());
    return;
  }
  process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
  stop(
    code === 0
      ? "The package 'node' has no program in it: its install script did not run. Allow install scripts, remove node_modules and start again."
      : `npm ci ended with ${code}: the packages are not installed. See above.`,
  );
}

async function main() {
  checkNode();
  const [task, ...rest] = process.argv.slice(2);
  if (!TASKS.includes(task)) stop(`Unknown task ${task ?? ''}: one of ${TASKS.join(', ')}.`);
  if (!isInstalled()) await install();
  const bins = [join(modules, 'node', 'bin'), join(modules, '.bin'), process.env.PATH ?? ''];
  const { code } = await run(
    ownNode(),
    ['--disable-warning=ExperimentalWarning', join(root, 'scripts', `${task}.ts`), ...rest],
    {
      stdio: 'inherit',
      env: { ...process.env, PATH: bins.join(delimiter) },
    },
  );
  process.exit(code);
}

await main();
