import { expect, it } from 'vitest';
import { diskProblem } from '../../../../electron/main/lib/disk-problem.ts';

it.each([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EFBIG', 'disk_full'],
  ['EACCES', 'storage_failed'],
  ['EIO', 'storage_failed'],
  ['', 'storage_failed'],
])('%s is %s', (code, problem) => {
  expect(diskProblem(code)).toBe(problem);
});
