/** The next track is fetched ahead of its time, but not on battery. */
import { expect, it } from 'vitest';
import { createPlayerService, type PlayerOptions } from '../../../../electron/main/services/player/player-service.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

it.each([
  [false, 1],
  [true, 0],
])('on battery %s: %s asked for', async (onBattery, expected) => {
  const opened: string[] = [];
  const service = createPlayerService({
    memory: { close: () => Promise.resolve() } as unknown as PlayerOptions['memory'],
    isOpen: () => true,
    tagOf: () => 'a1b2c3d4e5f6',
    onBattery: () => onBattery,
    media: {
      open: async (id) => {
        opened.push(id);
        return { problem: 'unavailable' };
      },
    },
    cacheLimit: () => Promise.resolve(1_000_000),
    show: () => undefined,
    logger: recordingLogger(),
  });
  service.prefetch({ accountId: 'a', id: 'track1' });
  await service.close();
  expect(opened).toHaveLength(expected);
});
