/** How the player looks and is used: one set of controls, in line with the sheets; a double click on a row plays it. */
import { expect } from '@playwright/test';
import { song } from '../helpers/music-samples.ts';
import { lookAt } from './lib/axe.ts';
import { dropFiles, test } from './lib/files.ts';

const FRAMES = 1200;

test('the full view has the only controls, without a finding of axe; a double click on an album’s name plays', async ({
  world,
  sample,
}) => {
  const anna = await world.person('Anna', 'Reed');
  const { page } = await world.open(anna);
  await page.getByRole('link', { name: 'Music', exact: true }).click();
  const library = page.getByRole('region', { name: 'Music library' });
  const files = await Promise.all(
    ['Alder', 'Birch'].map(async (title) =>
      sample(`${title}.mp3`, await song({ title, artist: 'Trees', album: 'Woods' }, true, FRAMES)),
    ),
  );
  await dropFiles(page, library, files);
  const rows = library.locator('[data-row]');
  await expect(rows).toHaveCount(2);

  // A double click plays the row, wherever in it; one click opens the album.
  await rows.nth(1).getByRole('button', { name: 'Woods' }).dblclick();
  await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true');
  await expect(library.getByRole('tab', { name: 'Tracks' })).toBeVisible();
  const player = page.getByRole('region', { name: 'Player' });
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible();
  const left = async (of: typeof player): Promise<number> => (await of.boundingBox())?.x ?? -1;
  expect(await left(player)).toBe(await left(library));

  // A drag on the wave seeks when it is let go.
  const wave = player.getByRole('slider', { name: 'Seek' });
  const box = await wave.boundingBox();
  if (!box) throw new Error('the wave is not drawn');
  const seconds = async (): Promise<number> => Number(await wave.getAttribute('aria-valuenow'));
  const total = Number(await wave.getAttribute('aria-valuemax'));
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 8 });
  await expect.poll(seconds).toBe(Math.round(total * 0.8));
  await page.mouse.up();
  await expect.poll(seconds).toBeGreaterThanOrEqual(Math.round(total * 0.8));
  await expect.poll(seconds).toBeLessThan(total);

  await player.getByRole('button', { name: /^Full view/ }).click();
  const view = page.getByRole('region', { name: 'Now playing' });
  await expect(view).toBeFocused();
  await expect(page.getByRole('button', { name: /^(Pause|Play)$/ })).toHaveCount(1);
  await expect(view.getByRole('slider', { name: 'Volume' })).toBeVisible();
  expect(await lookAt(page, 'full view')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(player.getByRole('button', { name: /^Full view/ })).toBeFocused();

  await rows.nth(0).getByRole('button', { name: 'Woods' }).click();
  await expect(library.getByRole('heading', { name: 'Woods' })).toBeVisible();
});
