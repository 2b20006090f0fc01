import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialog } from 'electron';
import { describe, expect, it } from 'vitest';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';
import { needFolder } from '../../../../electron/main/platform/data-folder.ts';
import { tellFailedStart } from '../../../../electron/main/platform/failed-start.ts';
import { createDialog } from '../../../../host/modules/dialog.ts';
import { SystemUi } from '../../../../host/system-ui.ts';

function failing(platform: NodeJS.Platform, readyAtFirst: boolean) {
  const becoming = Promise.withResolvers<void>();
  let ready = readyAtFirst;
  const boxes: { title: string; content: string; ready: boolean }[] = [];
  const app = { isReady: () => ready, whenReady: () => becoming.promise, getPath: () => '/home/anna/Relay' };
  const dialog = {
    showErrorBox: (title: string, content: string) => void boxes.push({ title, content, ready }),
  } as Partial<Dialog> as Dialog;
  const error = Object.assign(new Error('a path that nobody should see'), { code: 'EACCES' });
  const told = tellFailedStart({ app, dialog, platform }, () => mainTexts('en'), error);
  return {
    boxes,
    told,
    becomeReady: () => {
      ready = true;
      becoming.resolve();
    },
  };
}

describe('a failed start', () => {
  it.each(['win32', 'darwin', 'linux'] as const)(
    'says so on %s, where to look and what the system said',
    async (platform) => {
      const { boxes, told } = failing(platform, true);
      await told;
      expect(boxes).toHaveLength(1);
      expect(boxes[0]?.title).toBe('Relay couldn’t start');
      expect(boxes[0]?.content).toContain('/home/anna/Relay');
      expect(boxes[0]?.content).toContain('Error (EACCES)');
      expect(boxes[0]?.content).not.toContain('nobody');
    },
  );

  it('waits on Linux until there can be a box', async () => {
    const { boxes, told, becomeReady } = failing('linux', false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(boxes).toEqual([]);
    becomeReady();
    await told;
    expect(boxes.map(({ ready }) => ready)).toEqual([true]);
  });

  it.each(['win32', 'darwin'] as const)('does not wait on %s', async (platform) => {
    const { boxes, told } = failing(platform, false);
    await told;
    expect(boxes.map(({ ready }) => ready)).toEqual([false]);
  });

  it('before it is ready leaves nothing on a Linux screen, as the stand-in has it', () => {
    const outside = new SystemUi();
    createDialog(outside, () => false).showErrorBox('Early', 'A line on stderr.');
    expect(outside.records[0]?.detail).toMatchObject({ title: 'Early', seen: process.platform !== 'linux' });
  });
});

describe('the folder of the data', () => {
  it('is made, and refused where nothing can be kept', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-folder-'));
    try {
      needFolder(join(folder, 'new', 'one'));
      needFolder(join(folder, 'new', 'one'));
      writeFileSync(join(folder, 'file'), '');
      expect(() => needFolder(join(folder, 'file'))).toThrow('EEXIST');
      expect(() => needFolder(join(folder, 'file', 'below'))).toThrow('ENOTDIR');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
