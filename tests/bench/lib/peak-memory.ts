/** The most memory that a process has had, as Linux counts it. */
import { readFile, writeFile } from 'node:fs/promises';

const MIB = 1024;

/** MiB that it has at this moment, after its peak was set back to that; null where the system does not tell. */
async function resetPeak(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  await writeFile(`/proc/${String(pid)}/clear_refs`, '5');
  return peakOf(pid);
}

/** MiB it has had at most since `resetPeak`; null where the system does not tell. */
async function peakOf(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error('the system tells no peak');
  return Number(kib) / MIB;
}

/** MiB that the peak of a process grew by while `run` was under way; null where the system does not tell. */
export async function growth(pid: number, run: () => Promise<void>): Promise<number | null> {
  const before = await resetPeak(pid);
  await run();
  const after = await peakOf(pid);
  return before === null || after === null ? null : after - before;
}
