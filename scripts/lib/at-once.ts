/** Runs jobs in their order, at most `limit` at the same time. Answers their results in the order of the jobs. */
export async function atOnce<T>(limit: number, jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const waiting = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [at, job] of waiting) results[at] = await job();
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
