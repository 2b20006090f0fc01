/** Commands on files. */
import { fail, type Result } from '#contract/model/errors.ts';
import type { Commands } from './command.ts';

const later = async (): Promise<Result<never>> => fail('internal', 'not built yet');

export const fileCommands: Commands<'files'> = {
  stage: later,
  stageBytes: later,
  uploads: later,
  arrange: later,
  pause: later,
  resume: later,
  retry: later,
  remove: later,
  reduce: later,
  keepTags: later,
  save: later,
  cancelSave: later,
  downloads: later,
  showInFolder: later,
  copyImage: later,
  shared: later,
  links: later,
};
