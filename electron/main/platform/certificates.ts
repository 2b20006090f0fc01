/**
 * Trusts the authorities that the system trusts, beside those that Node carries: a company's relay stands behind the company's
 * own. Whatever of ours speaks TLS (axios, ws) takes Node's defaults, so this is the one place.
 */
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { errorName } from '../lib/emitter.ts';
import type { Logger } from '../services/ports.ts';

/**
 * Runs in a thread of its own, by its text: it may use nothing from outside of itself. Tells what the system trusts and Node
 * does not, in PEM; the two break their lines differently.
 */
function tellNewCertificates(): void {
  const { getCACertificates } = process.getBuiltinModule('node:tls');
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const found = new Map(getCACertificates('system').map((pem) => [pem.replace(/\s/g, ''), pem]));
  for (const pem of getCACertificates('default')) found.delete(pem.replace(/\s/g, ''));
  parentPort?.postMessage([...found.values()]);
}

/** Reads the system's store beside this thread: a key chain may take its time, and the window is opening meanwhile. */
function readSystemStore(): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(`(${tellNewCertificates.toString()})()`, { eval: true, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`ended with ${String(code)}`)));
  });
}

/**
 * Adds the system's authorities to the defaults of this thread, for every connection that is made afterwards. Where they
 * cannot be read, that is logged, and what was trusted stays so. Never throws.
 * @param read answers the certificates to add, in PEM.
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
    // Parsing them all again costs some thirty milliseconds of this thread.
    if (added.length > 0) tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...added]);
    logger.info('certificates.trusted', { added: added.length });
  } catch (error) {
    logger.warn('certificates.not_trusted', { error: errorName(error) });
  }
}
