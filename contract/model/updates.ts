/** Names of what an update of the program can come to. Pure data, for main and page. */

export const UPDATE_PHASES = ['off', 'idle', 'checking', 'downloading', 'ready', 'failed'] as const;

/**
 * Why this program does not update itself. `unpackaged`: it runs from its sources. `no_feed`: whoever built it named no
 * place for updates. `insecure_feed`: that place is not reached by https. `broken_feed`: the package's own file cannot be
 * read, or names a kind of place that is not supported. `package_manager`: the system's package manager does it.
 * `not_appimage`: on Linux, a folder that was unpacked by hand. `read_only`: the program's file may not be replaced.
 */
export const UPDATE_OFF = [
  'unpackaged',
  'no_feed',
  'insecure_feed',
  'broken_feed',
  'package_manager',
  'not_appimage',
  'read_only',
] as const;
export type UpdateOff = (typeof UPDATE_OFF)[number];

/**
 * Why an update failed. `no_answer`: nothing came, or not in time. `server_error`: the place answered with an error.
 * `bad_feed`: what it says of the newest version cannot be used. `insecure`: it leads to an address without https, or in
 * circles. `too_large`: more bytes than a version of this program can have. `bad_checksum`: the file is not the one that
 * was announced. `bad_signature`: it is not signed as it must be. `not_writable`: the program may not be replaced.
 * `not_installed`: it was to be installed at the last quit, and is not.
 */
export const UPDATE_PROBLEMS = [
  'no_answer',
  'server_error',
  'bad_feed',
  'insecure',
  'too_large',
  'bad_checksum',
  'bad_signature',
  'disk_full',
  'not_writable',
  'not_installed',
  'failed',
] as const;
export type UpdateProblem = (typeof UPDATE_PROBLEMS)[number];
