/** XMPP servers of Debian, where they are installed: started on a folder and a port of their own, with the archive on. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { which } from '../../../scripts/lib/process.ts';
import { freePort } from '../../helpers/relay-process.ts';

export interface XmppServer {
  port: number;
  close(): Promise<void>;
}

/** A server that may be there. */
export interface XmppProgram {
  name: string;
  /** Null: not installed. */
  program: string | null;
  /** How a person gets it. */
  install: string;
  /** @param users can sign in with `password`. */
  start: (program: string, folder: string, users: readonly string[], password: string) => Promise<XmppServer>;
}

const READY_MS = 60_000;
const STOP_MS = 10_000;

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts a server with whatever it starts itself, so that all of it can be ended together. */
function begin(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  });
}

function signal({ pid, exitCode, signalCode }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, name);
}

/** Waits until a server that was started listens. */
async function ready(name: string, child: ChildProcess, port: number): Promise<XmppServer> {
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const gone = once(child, 'exit');
  let ended = false;
  void gone.then(() => (ended = true));
  const end = performance.now() + READY_MS;
  while (!(await accepts(port))) {
    if (ended || performance.now() > end) {
      signal(child, 'SIGKILL');
      throw new Error(`${name} does not listen: ${output.slice(-600)}`);
    }
    await pause(100);
  }
  return {
    port,
    async close() {
      signal(child, 'SIGTERM');
      const late = setTimeout(() => signal(child, 'SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(late);
    },
  };
}

const prosody: XmppProgram = {
  name: 'Prosody',
  program: which('prosody'),
  install: 'apt-get install prosody',
  async start(program, folder, users, password) {
    const port = await freePort();
    const accounts = join(folder, 'data/localhost/accounts');
    await mkdir(accounts, { recursive: true });
    for (const user of users)
      await writeFile(join(accounts, `${user}.dat`), `return { ["password"] = "${password}"; };\n`);
    const config = join(folder, 'prosody.cfg.lua');
    await writeFile(
      config,
      `run_as_root = true
data_path = "${folder}/data"
pidfile = "${folder}/prosody.pid"
log = { warn = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
modules_enabled = { "saslauth", "roster", "mam" }
modules_disabled = { "s2s", "tls", "http" }
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
authentication = "internal_plain"
storage = "internal"
default_archive_policy = true
VirtualHost "localhost"
`,
    );
    const child = begin(program, ['--config', config, '-F']);
    return ready('Prosody', child, port);
  },
};

const ejabberd: XmppProgram = {
  name: 'ejabberd',
  program: which('ejabberdctl'),
  install: 'apt-get install ejabberd',
  async start(program, folder, _users, _password) {
    const port = await freePort();
    // It runs as a user of its own, who has to get there.
    await chmod(dirname(folder), 0o711);
    for (const part of ['', 'spool', 'logs']) {
      await mkdir(join(folder, part), { recursive: true });
      await chmod(join(folder, part), 0o777);
    }
    const config = join(folder, 'ejabberd.yml');
    // Whoever signs in is let in: the accounts of the bench need not be made.
    await writeFile(
      config,
      `hosts: [localhost]
loglevel: warning
auth_method: [anonymous]
anonymous_protocol: login_anon
allow_multiple_connections: true
listen:
  - { port: ${port}, ip: "127.0.0.1", module: ejabberd_c2s, shaper: none, access: all, starttls: false }
modules:
  mod_roster: {}
  mod_mam: { default: always, assume_mam_usage: true }
`,
    );
    // Debian's own settings name another configuration, and are read after the words of the command.
    const settings = join(folder, 'ejabberdctl.cfg');
    await writeFile(settings, `EJABBERD_PID_PATH=${join(folder, 'spool/ejabberd.pid')}\n`);
    const words = [
      '--ctl-config',
      settings,
      '--config',
      config,
      '--spool',
      join(folder, 'spool'),
      '--logs',
      join(folder, 'logs'),
    ];
    // Without the daemon by which Erlang's nodes find each other, which would outlive the bench.
    const env = { ERL_DIST_PORT: String(await freePort()) };
    const child = begin(program, [...words, '--node', `bench${port}@localhost`, 'foreground'], env);
    return ready('ejabberd', child, port);
  },
};

export const XMPP_PROGRAMS: readonly XmppProgram[] = [prosody, ejabberd];
