/** What the desktop tells waits for a page: links and words that come before there is one are not lost. */
import { expect, it } from 'vitest';
import { coalesce } from '../../../../contract/ipc/coalesce.ts';
import type { PushBatch, PushEvent } from '../../../../contract/ipc/push.ts';
import { createPushQueue } from '../../../../electron/main/ipc/push.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const LINK: PushEvent = { kind: 'link', link: { to: 'user', username: 'anna' } };
const TOLD: PushEvent[] = [
  { kind: 'told', what: 'safe_mode' },
  { kind: 'told', what: 'tray_missing' },
];

it('waits for the first page', async () => {
  const clock = new ManualClock();
  const sent: PushBatch[] = [];
  const queue = createPushQueue({ clock, logger: recordingLogger(), send: (batch) => void sent.push(batch) });
  for (const event of [LINK, ...TOLD, { kind: 'player:command', command: 'toggle' } as const]) queue.emit(event);
  await queue.snapshot(async () => ({ states: [] }) as never);
  clock.advance(20);
  expect(sent.flatMap(({ events }) => events)).toEqual([LINK, ...TOLD]);
});

it('keeps each word, and the last link', () => {
  const later: PushEvent = { kind: 'link', link: { to: 'user', username: 'ben' } };
  expect(coalesce([LINK, ...TOLD, later])).toEqual(expect.arrayContaining([later, ...TOLD]));
  expect(coalesce([LINK, ...TOLD, later])).toHaveLength(3);
});
