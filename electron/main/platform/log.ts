import electronLog from 'electron-log/node';
import { logLine } from '../lib/log-line.ts';
import type { Logger } from '../services/ports.ts';

/** Size of the log file in bytes at which it is rotated; one old file is kept. */
const MAX_LOG_BYTES = 2 * 1024 * 1024;

/**
 * The app's log: lines of JSON in one file that only this user can read, limited in size.
 * @param level the least important level to write: debug, info, warn or error.
 * @param echo also writes warnings and errors to the terminal.
 */
export function openLog(file: string, level: 'debug' | 'info' | 'warn' | 'error', echo: boolean): Logger {
  const { file: toFile, console: toConsole } = electronLog.transports;
  toFile.resolvePathFn = () => file;
  toFile.maxSize = MAX_LOG_BYTES;
  toFile.level = level;
  toFile.format = '{text}';
  toFile.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  toConsole.level = echo ? 'warn' : false;
  toConsole.format = '{text}';
  const write =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields?: Record<string, unknown>): void => {
      electronLog[name](logLine(new Date(), name, event, fields));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
