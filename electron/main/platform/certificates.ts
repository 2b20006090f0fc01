/**
 * Trusts the system's certificate authorities in addition to Node's: a company's relay may use the company's own. All
 * our TLS clients (axios, ws) take Node's defaults, so this is the one place.
 */
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { errorName } from '../lib/emitter.ts';
import type { Logger } from '../services/ports.ts';

/**
 * Runs from its source text in a separate thread, so it must use nothing outside itself. Posts the certificates that
 * the system trusts and Node does not, in PEM; the two break their lines differently.
 */
function postNewCertificates(): void {
  const { getCACertificates } = process.getBuiltinModule('node:tls');
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const found = new Map(getCACertificates('system').map((pem) => [pem.replace(/\s/g, ''), pem]));
  for (const pem of getCACertificates('default')) found.delete(pem.replace(/\s/g, ''));
  parentPort?.postMessage([...found.values()]);
}

/** Reads the system's store in another thread: a key chain may be slow, and the window is opening meanwhile. */
function readSystemStore(): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(`(${postNewCertificates.toString()})()`, { eval: true, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`ended with ${String(code)}`)));
  });
}

/**
 * Adds the system's authorities to the defaults of this thread, for every connection made afterwards. If they cannot be
 * read, that is logged and the trusted authorities stay as they were. Never throws.
 * @param read returns the certificates to add, in PEM.
 */
export async function trustSystemCertificates(
  logger: Logger,
  read: () => Promise<string[]> = readSystemStore,
): Promise<void> {
  if (!('setDefaultCACertificates' in tls)) {
    logger.warn('certificates.unsupported');
    return;
  }
  try {
    const added = await read();
    // Parsing all of them again takes about thirty milliseconds of this thread.
    if (added.length > 0) tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...added]);
    logger.info('certificates.trusted', { added: added.length });
  } catch (error) {
    logger.warn('certificates.not_trusted', { error: errorName(error) });
  }
}
