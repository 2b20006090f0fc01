/** The page's own scheme as the stand-in's `protocol` hears of it: its privileges, its files and its media. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaOpener } from '../../../../electron/main/lib/media.ts';
import { ownFolder, recordingLogger } from '../../../helpers/main-parts.ts';

const electron = vi.hoisted(() => ({
  registered: [] as unknown[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
}));
vi.mock('electron', () => ({
  protocol: {
    registerSchemesAsPrivileged: (schemes: unknown) => electron.registered.push(schemes),
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
      electron.handlers.set(scheme, handler),
  },
}));
const { registerPageScheme, servePage } = await import('../../../../electron/main/windows/page-protocol.ts');

let own: Awaited<ReturnType<typeof ownFolder>>;
beforeEach(async () => {
  own = await ownFolder();
  await mkdir(join(own.folder, 'media'));
  await writeFile(join(own.folder, 'index.html'), 'page');
  // A file of the build that looks like a medium is none.
  await writeFile(join(own.folder, 'media', 'tone.json'), '{}');
});
afterEach(async () => {
  electron.handlers.clear();
  await own.remove();
});

async function ask(url: string, media?: MediaOpener): Promise<Response> {
  await servePage(own.folder, recordingLogger(), media);
  const handler = electron.handlers.get('app');
  if (!handler) throw new Error('no handler');
  return handler(new Request(url));
}

const tone: MediaOpener = {
  open: async () => ({
    type: 'audio/wav',
    size: 3,
    part: null,
    body: (async function* () {
      yield Buffer.from('abc');
    })(),
    cancel: () => undefined,
  }),
};

describe('the schemes', () => {
  it('are told once, with what sound and films need', () => {
    registerPageScheme();
    expect(electron.registered).toEqual([
      [
        {
          scheme: 'app',
          privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true },
        },
      ],
    ]);
  });
});

describe('the page’s origin', () => {
  it('has the page’s files and its media', async () => {
    expect(await (await ask('app://relay/index.html', tone)).text()).toBe('page');
    const medium = await ask('app://relay/media/tone', tone);
    expect([medium.headers.get('content-type'), await medium.text()]).toEqual(['audio/wav', 'abc']);
  });

  it('has no media before there is a service, and none elsewhere', async () => {
    expect((await ask('app://relay/media/tone')).status).toBe(404);
    for (const url of [
      'app://other/media/tone',
      'app://relay:80/media/tone',
      'app://relay/Media/tone',
      'app://relay/media',
    ]) {
      expect((await ask(url, tone)).status, url).toBe(404);
    }
    expect((await ask('app://relay/media/tone.json', tone)).status).toBe(404);
  });
});
