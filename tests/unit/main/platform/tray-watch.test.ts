import { expect, it } from 'vitest';
import { findTray, type RunProgram, runProgram } from '../../../../electron/main/platform/tray-watch.ts';

const says =
  (text: string): RunProgram =>
  async () =>
    text;
const fails: RunProgram = () => Promise.reject(new Error('ENOENT'));

it.each([
  ['linux', true, says('   boolean true\n'), 'there'],
  ['linux', true, says('   true'), 'there'],
  ['linux', true, says('   boolean false\n'), 'missing'],
  ['linux', true, fails, 'unknown'],
  ['linux', false, says('true'), 'missing'],
  ['win32', true, fails, 'there'],
  ['darwin', true, fails, 'there'],
  ['win32', false, fails, 'missing'],
] as const)('on %s, taken %s: %#', async (platform, hasTray, run, expected) => {
  expect(await findTray(platform, hasTray, run)).toBe(expected);
});

it('asks for one name, and hands nothing to a shell', async () => {
  const asked: unknown[] = [];
  await findTray('linux', true, async (...program) => {
    asked.push(program);
    return '';
  });
  expect(asked).toMatchObject([['dbus-send', expect.arrayContaining(['string:org.kde.StatusNotifierWatcher'])]]);
  expect(await runProgram(process.execPath, ['-e', 'process.stdout.write(process.argv[1])', '$HOME'])).toBe('$HOME');
  await expect(runProgram('/nowhere/at-all', [])).rejects.toThrow();
});
