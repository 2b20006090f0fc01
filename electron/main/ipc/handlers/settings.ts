import type { SettingsService } from '../../services/settings/settings-service.ts';
import type { Handlers } from '../answer.ts';

/** The person's choices. */
export function createSettingsHandlers(settings: SettingsService): Pick<Handlers, 'settings.update'> {
  return { 'settings.update': async (patch) => settings.update(patch) };
}
