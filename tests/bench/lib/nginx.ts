/** An nginx of Debian that takes PUT and answers GET, where it is installed: a yardstick for plain HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { which } from '../../../scripts/lib/process.ts';
import { freePort } from '../../helpers/relay-process.ts';

export interface Nginx {
  /** Of the one file. */
  url: string;
  close(): Promise<void>;
}

const READY_MS = 10_000;

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

/** Null where it is not installed. @throws when it does not start. */
export async function openNginx(folder: string): Promise<Nginx | null> {
  const program = which('nginx');
  if (program === null) return null;
  const port = await freePort();
  await mkdir(join(folder, 'files'), { recursive: true });
  const config = join(folder, 'nginx.conf');
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  // Only root may name another user.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await writeFile(
    config,
    `${user} worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log stderr error; events {}
http { access_log off; client_max_body_size 0; ${places.join(' ')}
server { listen 127.0.0.1:${String(port)}; root ${folder}/files; location / { dav_methods PUT; } } }
`,
  );
  const child = spawn(program, ['-c', config, '-p', folder, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = once(child, 'exit');
  const end = performance.now() + READY_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > end) {
      child.kill('SIGKILL');
      throw new Error('nginx does not listen');
    }
    await pause(50);
  }
  return {
    url: `http://127.0.0.1:${String(port)}/sample.bin`,
    async close() {
      child.kill('SIGQUIT');
      await gone;
    },
  };
}
