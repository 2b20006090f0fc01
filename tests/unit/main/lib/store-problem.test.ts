import { describe, expect, it } from 'vitest';
import { problemOf, StoreError, type StoreProblem, writeProblem } from '../../../../electron/main/lib/store-problem.ts';

describe('problemOf', () => {
  const TABLE: [string, unknown, StoreProblem][] = [
    ['a full database', { errcode: 13 }, 'full'],
    ['a folder that takes no database', { errcode: 1544 }, 'read_only'],
    ['garbage', { errcode: 26 }, 'damaged'],
    ['a damaged index', { errcode: 779 }, 'damaged'],
    ['a lock', { errcode: 5 }, 'busy'],
    ['another code', { errcode: 1 }, 'failed'],
    ['a full disk', { code: 'ENOSPC' }, 'full'],
    ['a full quota', { code: 'EDQUOT' }, 'full'],
    ['a disk that is read-only', { code: 'EROFS' }, 'read_only'],
    ['another one’s folder', { code: 'EACCES' }, 'read_only'],
    ['a file that somebody holds', { code: 'EPERM' }, 'read_only'],
    ['another reason of the system', { code: 'EISDIR' }, 'failed'],
    ['a name that objects have by birth', { code: 'constructor' }, 'failed'],
    ['no reason', {}, 'failed'],
  ];
  it.each(TABLE)('%s', (_name, fields, problem) => {
    expect(problemOf(Object.assign(new Error('test'), fields))).toBe(problem);
  });

  it('keeps what is known already, and takes anything that is thrown', () => {
    expect([problemOf(new StoreError('closed', 'test')), problemOf('thrown')]).toEqual(['closed', 'failed']);
  });
});

it.each<[unknown, string]>([
  [new StoreError('full', 'test'), 'disk_full'],
  [Object.assign(new Error('test'), { code: 'ENOSPC' }), 'disk_full'],
  [new StoreError('damaged', 'test'), 'storage_failed'],
  ['thrown', 'storage_failed'],
])('the word for a write that failed: %s', (error, word) => {
  expect(writeProblem(error)).toBe(word);
});
