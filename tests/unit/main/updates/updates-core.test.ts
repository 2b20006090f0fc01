/** The pure parts of updates, as tables: versions, states, times, what a feed may say, names of failures. */
import { describe, expect, it } from 'vitest';
import { UpdateView } from '../../../../contract/ipc/update-views.ts';
import type { UpdateProblem } from '../../../../contract/model/updates.ts';
import { LARGEST_UPDATE, logWords, mayLeadTo, maySupplyUpdates } from '../../../../electron/main/lib/update-address.ts';
import { updateProblem } from '../../../../electron/main/lib/update-problem.ts';
import { mayReplace } from '../../../../electron/main/lib/version.ts';
import { readOffer } from '../../../../electron/main/services/updates/offer.ts';
import {
  decideCheck,
  firstCheckMs,
  type Moment,
  nextCheckMs,
} from '../../../../electron/main/services/updates/update-policy.ts';
import { afterUpdateEvent, type UpdateEvent } from '../../../../electron/main/services/updates/update-state.ts';

const MINUTE = 60_000;

describe('a version', () => {
  it.each([
    ['1.0.0', '1.0.1', 'newer'],
    ['1.9.0', '1.10.0', 'newer'],
    ['1.0.0', '2.0.0', 'newer'],
    ['1.0.0', '1.0.0', 'not_newer'],
    ['1.0.1', '1.0.0', 'not_newer'],
    ['10.0.0', '9.9.9', 'not_newer'],
    // Build metadata is no precedence.
    ['1.0.0', '1.0.0+2', 'not_newer'],
    ['1.0.0+1', '1.0.1+0', 'newer'],
    // A release is newer than its pre-releases, and gets none.
    ['1.1.0-beta.1', '1.1.0', 'newer'],
    ['1.0.0', '1.1.0-beta.1', 'not_newer'],
    ['1.1.0-beta.2', '1.1.0-beta.11', 'newer'],
    ['1.1.0-beta.11', '1.1.0-beta.2', 'not_newer'],
    ['1.1.0-beta', '1.1.0-beta.1', 'newer'],
    ['1.1.0-beta.1', '1.1.0-beta', 'not_newer'],
    ['1.1.0-1', '1.1.0-alpha', 'newer'],
    ['1.1.0-alpha', '1.1.0-1', 'not_newer'],
    ['1.1.0-alpha', '1.1.0-beta', 'newer'],
    ['1.1.0-beta', '1.1.0-alpha', 'not_newer'],
    ['1.1.0-alpha.1', '1.1.0-alpha.1', 'not_newer'],
    ['1.0.0', 'v1.1.0', 'invalid'],
    ['1.0.0', '1.1', 'invalid'],
    ['1.0.0', '01.1.0', 'invalid'],
    ['1.0.0', '1.1.0-01', 'invalid'],
    ['1.0.0', '1.1.0 ', 'invalid'],
    ['1.0.0', '', 'invalid'],
    ['1.0.0', '9999999999.0.0', 'invalid'],
    ['1.0.0', `1.1.0-${'a'.repeat(60)}`, 'invalid'],
    ['next', '1.1.0', 'invalid'],
  ] as const)('%s and then %s: %s', (current, offered, verdict) => {
    expect(mayReplace(current, offered)).toBe(verdict);
  });
});

describe('an address', () => {
  it.each([
    ['https://updates.example/relay/', true],
    ['http://updates.example/relay/', false],
    ['http://127.0.0.1:8080/', true],
    ['http://localhost/', true],
    ['http://[::1]:1/', true],
    ['http://127.0.0.1.example/', false],
    ['ftp://127.0.0.1/', false],
    ['file:///tmp/latest.yml', false],
  ])('%s may supply updates: %s', (url, may) => expect(maySupplyUpdates(new URL(url))).toBe(may));

  it('of another computer does not lead to this one', () => {
    expect(mayLeadTo(new URL('http://127.0.0.1:8080/'), false)).toBe(false);
    expect(mayLeadTo(new URL('https://localhost/'), false)).toBe(false);
    expect(mayLeadTo(new URL('http://127.0.0.1:8080/'), true)).toBe(true);
    expect(mayLeadTo(new URL('https://cdn.example/x'), false)).toBe(true);
  });

  it.each([
    [
      'Cannot download "https://u:p@updates.example/a/b?token=1", status 500: x',
      'Cannot download "https://updates.example", status 500: x',
    ],
    ['downloaded to /home/ada/.cache/relay/x.AppImage', 'downloaded to …'],
    ['moved C:\\Users\\Ada\\x.exe', 'moved …'],
    ["open '/home/ada/my files/x'", "open '…'"],
    ['first\nsecond', 'first'],
    ['made 59b7cd14-6071-50e5-91f0-9f7304b20dc7', 'made …'],
  ])('%s is logged as %s', (said, words) => expect(logWords(said)).toBe(words));
  it('is cut when it is long, and is no problem when it is no text', () => {
    expect(logWords('x'.repeat(1000))).toHaveLength(200);
    expect(logWords(undefined)).toBe('undefined');
    expect(logWords(new Error('broken\n  at /x'))).toBe('broken');
  });
});

const SUM = `${'A'.repeat(86)}==`;
const file = (more: object = {}) => ({ url: 'Relay.AppImage', sha512: SUM, size: 100, ...more });
const feed = (more: object = {}) => ({ version: '1.1.0', files: [file()], ...more });

describe('what a feed says', () => {
  it.each<[string, unknown, object]>([
    ['a newer version', feed(), { kind: 'newer', version: '1.1.0' }],
    ['without a size', feed({ files: [file({ size: undefined })] }), { kind: 'newer', version: '1.1.0' }],
    ['an equal version', feed({ version: '1.0.0' }), { kind: 'current' }],
    ['an older version, however it insists', feed({ version: '0.9.0', allowDowngrade: true }), { kind: 'current' }],
    ['an older version with nothing else', { version: '0.9.0' }, { kind: 'current' }],
    ['a pre-release', feed({ version: '2.0.0-beta.1' }), { kind: 'current' }],
    ['nothing', undefined, { kind: 'refused', problem: 'bad_feed' }],
    ['a text', 'hello', { kind: 'refused', problem: 'bad_feed' }],
    ['no version', feed({ version: undefined }), { kind: 'refused', problem: 'bad_feed' }],
    ['a number', feed({ version: 2 }), { kind: 'refused', problem: 'bad_feed' }],
    ['no semver', feed({ version: 'newest' }), { kind: 'refused', problem: 'bad_feed' }],
    ['no files', feed({ files: [] }), { kind: 'refused', problem: 'bad_feed' }],
    ['files that are none', feed({ files: 'all' }), { kind: 'refused', problem: 'bad_feed' }],
    [
      'too many files',
      feed({ files: Array.from({ length: 65 }, () => file()) }),
      { kind: 'refused', problem: 'bad_feed' },
    ],
    [
      'a file without a checksum',
      feed({ files: [file(), file({ sha512: undefined })] }),
      { kind: 'refused', problem: 'bad_feed' },
    ],
    [
      'a weaker checksum',
      feed({ files: [file({ sha512: undefined, sha2: 'abc' })] }),
      { kind: 'refused', problem: 'bad_feed' },
    ],
    ['half a checksum', feed({ files: [file({ sha512: SUM.slice(1) })] }), { kind: 'refused', problem: 'bad_feed' }],
    ['a gigabyte', feed({ files: [file({ size: 1_000_000_000 })] }), { kind: 'refused', problem: 'too_large' }],
    ['the most', feed({ files: [file({ size: LARGEST_UPDATE })] }), { kind: 'newer', version: '1.1.0' }],
    ['an empty file', feed({ files: [file({ size: 0 })] }), { kind: 'refused', problem: 'bad_feed' }],
  ])('%s', (_name, said, offer) => expect(readOffer(said, '1.0.0')).toEqual(offer));
});

const STATES: Record<string, UpdateView> = {
  off: { phase: 'off', why: 'no_feed' },
  idle: { phase: 'idle', checkedAt: 5 },
  checking: { phase: 'checking' },
  downloading: { phase: 'downloading', version: '1.1.0', percent: 40 },
  ready: { phase: 'ready', version: '1.1.0' },
  failed: { phase: 'failed', why: 'no_answer', at: 5 },
};
const EVENTS: Record<string, UpdateEvent> = {
  off: { kind: 'off', why: 'read_only' },
  check: { kind: 'check' },
  current: { kind: 'current', at: 9 },
  found: { kind: 'found', version: '1.2.0' },
  progress: { kind: 'progress', bytes: 50, total: 100 },
  downloaded: { kind: 'downloaded' },
  failed: { kind: 'failed', why: 'bad_checksum', at: 9 },
  put_off: { kind: 'put_off' },
};

describe('the states of an update', () => {
  const after: Record<string, UpdateView> = {
    'idle off': { phase: 'off', why: 'read_only' },
    'failed off': { phase: 'off', why: 'read_only' },
    'idle check': { phase: 'checking' },
    'failed check': { phase: 'checking' },
    'checking current': { phase: 'idle', checkedAt: 9 },
    'checking found': { phase: 'downloading', version: '1.2.0', percent: 0 },
    'checking failed': { phase: 'failed', why: 'bad_checksum', at: 9 },
    'checking put_off': { phase: 'idle', checkedAt: null },
    'downloading progress': { phase: 'downloading', version: '1.1.0', percent: 50 },
    'downloading downloaded': { phase: 'ready', version: '1.1.0' },
    'downloading failed': { phase: 'failed', why: 'bad_checksum', at: 9 },
    'downloading put_off': { phase: 'idle', checkedAt: null },
  };
  const all = Object.keys(STATES).flatMap((state) => Object.keys(EVENTS).map((event) => [state, event] as const));
  it.each(all)('%s, then %s', (state, event) => {
    const [before, heard] = [STATES[state], EVENTS[event]];
    if (!before || !heard) throw new Error('no such row');
    const next = afterUpdateEvent(before, heard);
    const expected = after[`${state} ${event}`];
    if (expected) expect(next).toEqual(expected);
    else expect(next).toBe(before);
    expect(UpdateView.parse(next)).toEqual(next);
  });

  it.each([
    [39, 100, 40],
    [41.9, 100, 41],
    [300, 100, 100],
    [1, 0, 40],
    [-5, 100, 40],
  ])('%d of %d bytes after 40 percent is %d percent', (bytes, total, percent) => {
    const next = afterUpdateEvent(
      { phase: 'downloading', version: '1.1.0', percent: 40 },
      { kind: 'progress', bytes, total },
    );
    expect(next).toMatchObject({ percent });
  });
});

describe('when updates are looked for', () => {
  it('minutes after the start, and then every some hours, not all programs at once', () => {
    expect([firstCheckMs(0), firstCheckMs(0.999)].map((ms) => Math.round(ms / MINUTE))).toEqual([5, 10]);
    expect([nextCheckMs(0), nextCheckMs(0.999)].map((ms) => Math.round(ms / MINUTE / 60))).toEqual([4, 8]);
  });

  const usual: Moment = { asked: false, automatic: true, inCall: false, onBattery: false };
  it.each<[string, Partial<Moment>, string]>([
    ['by itself', {}, 'begin'],
    ['switched off', { automatic: false }, 'skip'],
    ['switched off, and asked for', { automatic: false, asked: true }, 'begin'],
    ['in a call', { inCall: true }, 'later'],
    ['in a call, and asked for', { inCall: true, asked: true }, 'later'],
    ['on battery', { onBattery: true }, 'later'],
    ['on battery, and asked for', { onBattery: true, asked: true }, 'begin'],
    ['switched off in a call', { automatic: false, inCall: true }, 'skip'],
  ])('%s', (_name, moment, decision) => expect(decideCheck({ ...usual, ...moment })).toBe(decision));
});

describe('a failure has a name', () => {
  const error = (code: string): Error => Object.assign(new Error('x'), { code });
  it.each<[string, unknown, UpdateProblem]>([
    ['another file', error('ERR_CHECKSUM_MISMATCH'), 'bad_checksum'],
    ['another publisher', error('ERR_UPDATER_INVALID_SIGNATURE'), 'bad_signature'],
    ['no feed', error('ERR_UPDATER_CHANNEL_FILE_NOT_FOUND'), 'server_error'],
    ['a server that fails', error('HTTP_ERROR_500'), 'server_error'],
    ['no semver', error('ERR_UPDATER_INVALID_VERSION'), 'bad_feed'],
    ['no files', error('ERR_UPDATER_NO_FILES_PROVIDED'), 'bad_feed'],
    ['no AppImage', error('ERR_UPDATER_OLD_FILE_NOT_FOUND'), 'not_writable'],
    ['no name', error('ENOTFOUND'), 'no_answer'],
    ['no way', error('ENETUNREACH'), 'no_answer'],
    ['refused', error('ECONNREFUSED'), 'no_answer'],
    ['cut off', error('ECONNRESET'), 'no_answer'],
    ['late', error('ETIMEDOUT'), 'no_answer'],
    ['an expired certificate', error('CERT_HAS_EXPIRED'), 'no_answer'],
    ['another certificate', error('ERR_TLS_CERT_ALTNAME_INVALID'), 'no_answer'],
    ['no certificate of anybody', error('DEPTH_ZERO_SELF_SIGNED_CERT'), 'no_answer'],
    ['a full disk', error('ENOSPC'), 'disk_full'],
    ['no right', error('EACCES'), 'not_writable'],
    ['a disk to read from', error('EROFS'), 'not_writable'],
    ['Squirrel, of a signature', new Error('Code signature at URL file:///x did not pass validation'), 'bad_signature'],
    ['Squirrel, of a disk image', new Error('Cannot update while running on a read-only volume.'), 'not_writable'],
    ['the library, of time', new Error('Request timed out'), 'no_answer'],
    ['the library, of circles', new Error('Too many redirects (> 10)'), 'insecure'],
    ['a name of ours', Object.assign(new Error('x'), { problem: 'too_large' }), 'too_large'],
    ['a feed that nobody looked at', new TypeError('x of undefined'), 'bad_feed'],
    ['anything else', new Error('x'), 'failed'],
    ['no error at all', 'x', 'failed'],
  ])('%s', (_name, thrown, problem) => expect(updateProblem(thrown)).toBe(problem));
});
