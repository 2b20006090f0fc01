/**
 * Stages files that the user gave to the page. Their paths are asked for here and go to main: the page never sees one and
 * cannot name one.
 */
import type { Bridge, ChannelInput } from '#contract/ipc/channels.ts';

/** As many as main takes at once. */
const MOST_FILES = 50;

interface StageParts {
  /** Where the file is on this computer; empty when the page made it. */
  pathOf(file: File): string;
  /** Sends `files.stage` to main. */
  stage(input: ChannelInput<'files.stage'>): ReturnType<Bridge['stageFiles']>;
}

/** Creates the page's function. Files beyond the limit are refused, and so are those without a path. */
export function createStageFiles(parts: StageParts): Bridge['stageFiles'] {
  return async ({ accountId, chatId }, files) => {
    const paths: ChannelInput<'files.stage'>['paths'] = [];
    const refused: { name: string; code: 'no_path' | 'too_many_files' }[] = [];
    for (const given of files) {
      const file = given as File;
      const name = String(file.name);
      // Throws for anything but a file.
      const path = parts.pathOf(file);
      if (path === '') refused.push({ name, code: 'no_path' });
      else if (paths.length === MOST_FILES) refused.push({ name, code: 'too_many_files' });
      else paths.push({ path, name });
    }
    if (paths.length === 0) return { ok: true, value: { staged: [], refused } };
    const answer = await parts.stage({ accountId, chatId, paths });
    if (!answer.ok) return answer;
    return { ok: true, value: { staged: answer.value.staged, refused: [...answer.value.refused, ...refused] } };
  };
}
