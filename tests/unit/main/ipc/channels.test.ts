/** The map of channels is whole: every channel has a schema, a handler and a method of the bridge, and nothing else has. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';
import { BRIDGE_NAME, CHANNEL_NAMES, PRELOAD_CHANNELS, PUSH_CHANNEL } from '../../../../contract/ipc/channels.ts';
import { CHANNEL_SCHEMAS } from '../../../../contract/ipc/schemas.ts';
import { ROLES } from '../../../../electron/main/lib/roles.ts';
import { startMain, type TestMain } from '../../../helpers/main-assembly.ts';
import { ownFolder, secretStore } from '../../../helpers/main-parts.ts';

const ROOT = join(import.meta.dirname, '../../../..');
let own: Awaited<ReturnType<typeof ownFolder>>;
let main: TestMain;

beforeAll(async () => {
  own = await ownFolder();
  main = await startMain(own.folder, secretStore('strong'), 'https://relay.example');
});
afterAll(async () => {
  await main.close();
  await own.remove();
});

const PAGE_CHANNELS = CHANNEL_NAMES.filter((name) => !PRELOAD_CHANNELS.some((own) => own === name));

/** What the bundled preload does to the functions of Electron that it uses. */
async function runPreload() {
  await build({
    configFile: join(ROOT, 'vite.preload.config.ts'),
    root: ROOT,
    logLevel: 'error',
    build: { outDir: join(own.folder, 'preload'), emptyOutDir: true },
  });
  const code = await readFile(join(own.folder, 'preload', 'index.cjs'), 'utf8');
  const exposed = new Map<string, Record<string, unknown>>();
  const executed: [string, number][] = [];
  const answer: { value: unknown } = { value: 'answer' };
  const invoked: unknown[][] = [];
  const listeners = new Map<string, Set<(...args: unknown[]) => void>>();
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: Record<string, unknown>) => exposed.set(name, api),
      executeInMainWorld: ({ func }: Electron.ExecutionScript) => executed.push([func.name, exposed.size]),
    },
    ipcRenderer: {
      invoke: async (...args: unknown[]) => (invoked.push(args), answer.value),
      on: (name: string, run: (...args: unknown[]) => void) => {
        listeners.set(name, (listeners.get(name) ?? new Set()).add(run));
      },
      removeListener: (name: string, run: (...args: unknown[]) => void) => listeners.get(name)?.delete(run),
    },
    webUtils: {
      getPathForFile(file: { name: string; path?: string }) {
        if (typeof file !== 'object') throw new TypeError('no file');
        return file.path ?? '';
      },
    },
  };
  const asked: string[] = [];
  const require = (name: string): unknown => {
    asked.push(name);
    return name === 'electron' ? electron : null;
  };
  // No `process`, no `Buffer`, no timers: a sandboxed preload has less, and this one needs nothing.
  const start = runInContext(
    `(require, module, exports) => {${code}
}`,
    createContext({}),
  ) as (...args: unknown[]) => void;
  start(require, { exports: {} }, {});
  return { exposed, executed, invoked, listeners, asked, answer };
}

describe('the channels', () => {
  it('have one schema for the argument and one for the result each', () => {
    expect(Object.keys(CHANNEL_SCHEMAS).sort()).toEqual([...CHANNEL_NAMES].sort());
    for (const { input, output } of Object.values(CHANNEL_SCHEMAS)) {
      expect(input.safeParse('nonsense').success).toBe(false);
      expect(output).toBeDefined();
    }
  });

  it('have one handler each, and no handler is without a channel', async () => {
    expect(Object.keys(main.assembly.handlers).sort()).toEqual([...CHANNEL_NAMES].sort());
    for (const name of CHANNEL_NAMES) {
      const answer = await main.invoke(name, ['nonsense']);
      // Those of another window's role come no further than the sender's check.
      const code = ROLES.main.channels.has(name) ? 'bad_request' : 'denied';
      expect(answer, name).toMatchObject({ ok: false, error: { code } });
    }
  });

  it('have one method of the bridge each, which hands one argument over and nothing more', async () => {
    const { exposed, executed, invoked, listeners, asked } = await runPreload();
    expect(asked).toEqual(['electron']);
    // Nothing else runs in the page's world, and this before the page has a bridge.
    expect(executed).toEqual([['closeNetwork', 0]]);
    expect([...exposed.keys()]).toEqual([BRIDGE_NAME]);
    const bridge = exposed.get(BRIDGE_NAME) ?? {};
    const methods = Object.entries(bridge)
      .filter(([, group]) => typeof group === 'object')
      .flatMap(([domain, group]) => Object.keys(group as object).map((method) => `${domain}.${method}`));
    expect(methods.sort()).toEqual([...PAGE_CHANNELS].sort());
    expect(Object.keys(bridge).filter((name) => typeof bridge[name] === 'function')).toEqual(['onPush', 'stageFiles']);

    for (const name of PAGE_CHANNELS) {
      const [domain = '', method = ''] = name.split('.');
      const call = (bridge[domain] as Record<string, (...args: unknown[]) => Promise<unknown>>)[method];
      expect(await call?.({ a: 1 }, 'another', () => undefined)).toBe('answer');
      expect(invoked.pop()).toEqual([name, { a: 1 }]);
    }

    const heard: unknown[][] = [];
    const onPush = bridge['onPush'] as (run: (...args: unknown[]) => void) => () => void;
    const undo = onPush((...args) => heard.push(args));
    for (const deliver of listeners.get(PUSH_CHANNEL) ?? [])
      deliver({ sender: 'the event leads back to Electron' }, { seq: 1, events: [] });
    expect(heard).toEqual([[{ seq: 1, events: [] }]]);
    expect(undo()).toBeUndefined();
    // The preload's own, which reads whether there is a call.
    expect(listeners.get(PUSH_CHANNEL)?.size).toBe(1);
  });

  it('take files from the page without telling it where they are', async () => {
    const { exposed, invoked, answer } = await runPreload();
    const stageFiles = exposed.get(BRIDGE_NAME)?.['stageFiles'] as (input: unknown, files: unknown) => Promise<unknown>;
    const of = { accountId: 'a', chatId: 'c' };
    answer.value = { ok: true, value: { staged: ['staged'], refused: [{ name: 'b', code: 'file_empty' }] } };
    const given = [
      { name: 'a', path: '/home/ada/a' },
      { name: 'pasted.png' },
      { name: 'b', path: '/home/ada/b', size: 0 },
    ];
    expect(await stageFiles({ ...of, paths: [{ path: '/etc/passwd', name: 'x' }] }, given)).toEqual({
      ok: true,
      value: {
        staged: ['staged'],
        refused: [
          { name: 'b', code: 'file_empty' },
          { name: 'pasted.png', code: 'no_path' },
        ],
      },
    });
    const paths = [
      { path: '/home/ada/a', name: 'a' },
      { path: '/home/ada/b', name: 'b' },
    ];
    expect(invoked).toEqual([['files.stage', { ...of, paths }]]);

    // Nothing to ask main for.
    expect(await stageFiles(of, [{ name: 'pasted.png' }])).toEqual({
      ok: true,
      value: { staged: [], refused: [{ name: 'pasted.png', code: 'no_path' }] },
    });
    expect(invoked).toHaveLength(1);

    const many = Array.from({ length: 52 }, (_, n) => ({ name: String(n), path: `/${String(n)}` }));
    expect(await stageFiles(of, many)).toMatchObject({
      value: {
        refused: [{ name: 'b' }, { name: '50', code: 'too_many_files' }, { name: '51', code: 'too_many_files' }],
      },
    });
    expect(invoked[1]).toMatchObject(['files.stage', { paths: { length: 50 } }]);

    answer.value = { ok: false, error: { code: 'not_signed_in', message: 'x' } };
    expect(await stageFiles(of, given)).toEqual(answer.value);
    await expect(stageFiles(of, ['/etc/passwd'])).rejects.toThrow();
  });
});
