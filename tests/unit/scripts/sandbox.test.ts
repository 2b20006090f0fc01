import { describe, expect, it } from 'vitest';
import { sandboxProblem, type SandboxProbe } from '../../../scripts/lib/sandbox.ts';

const probe = (changes: Partial<SandboxProbe>, settings: Record<string, string> = {}): SandboxProbe => ({
  platform: 'linux',
  isRoot: false,
  userNamespace: () => true,
  setting: (path) => settings[path] ?? null,
  hasHelper: () => false,
  ...changes,
});
const refused = { userNamespace: () => false };
const untried = { userNamespace: () => null };
const UBUNTU = { 'kernel/apparmor_restrict_unprivileged_userns': '1' };

describe("Chromium's sandbox", () => {
  it.each([
    ['user namespaces', probe({}), null],
    ['Ubuntu from 23.10 on', probe(refused, UBUNTU), /user namespaces: AppArmor keeps them/],
    // The setting alone says nothing: the program may have a profile.
    ['the setting, and a namespace all the same', probe({}, UBUNTU), null],
    ["Debian's switch", probe(refused, { 'kernel/unprivileged_userns_clone': '0' }), /unprivileged_userns_clone is 0/],
    ['none allowed', probe(refused, { 'user/max_user_namespaces': '0' }), /max_user_namespaces is 0/],
    ['a container that refuses', probe(refused), /this system refuses them/],
    ['nothing to try it with', probe(untried), null],
    ['nothing to try it with, and a switch that is off', probe(untried, UBUNTU), /AppArmor/],
    ["root's own helper", probe({ ...refused, hasHelper: (program) => program === '/e/electron' }, UBUNTU), null],
    ["another program's helper", probe({ ...refused, hasHelper: (program) => program === '/x/electron' }), /refuses/],
    ['root', probe({ isRoot: true, hasHelper: () => true }), /does not run as root/],
    ['Windows', probe({ ...refused, platform: 'win32' }), null],
    ['macOS', probe({ ...refused, platform: 'darwin', isRoot: true }), null],
  ] as [string, SandboxProbe, RegExp | null][])('%s', (_name, around, expected) => {
    const problem = sandboxProblem('/e/electron', around);
    if (expected === null) expect(problem).toBeNull();
    else expect(problem).toMatch(expected);
  });

  it('counts no helper for a program that is still to be unpacked', () => {
    expect(sandboxProblem(null, probe({ ...refused, hasHelper: () => true }))).toMatch(/refuses/);
  });
});
