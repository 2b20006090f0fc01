/** Twenty thousand tracks on the screen: opened, scrolled to the end, searched, selected. Only a few rows exist at a time. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from '@playwright/test';
import { fold } from '../../contract/model/search-text.ts';
import { test } from './lib/world.ts';

const COUNT = 20_000;
/** Rows that may exist at once on this screen. */
const MOST_ROWS = 60;

/** Lists tracks of this person, as if they had been added over the years. */
function fill(folder: string, ownerId: string): void {
  const db = new DatabaseSync(join(folder, 'relay.db'));
  const file = db.prepare(
    `INSERT INTO files (id, owner_id, name, mime_type, size, sha256, created_at, duration)
     VALUES (?, ?, 'a.mp3', 'audio/mpeg', 1000, '', ?, 200)`,
  );
  const track = db.prepare(
    `INSERT INTO tracks (file_id, uploaded_by, title, artist, album, track_number, duration, created_at, title_key,
       artist_key, album_key, search_key) VALUES (?, ?, ?, ?, ?, ?, 200, ?, ?, ?, ?, ?)`,
  );
  const start = Date.now() - COUNT * 60_000;
  db.exec('BEGIN');
  for (let n = 0; n < COUNT; n += 1) {
    const id = `file${String(n).padStart(6, '0')}`;
    const [title, artist, album] = [`Title ${String(n)}`, `Artist ${String(n % 200)}`, `Album ${String(n % 2000)}`];
    const keys = [fold(title), fold(artist), fold(album)] as const;
    file.run(id, ownerId, start + n * 60_000);
    track.run(id, ownerId, title, artist, album, n % 10, start + n * 60_000, ...keys, keys.join(' '));
  }
  db.exec('COMMIT');
  db.close();
}

test('twenty thousand tracks are opened, scrolled, searched and selected', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  await world.relay.stop();
  fill(world.relay.dataDir, anna.id);
  await world.relay.restart();
  const { page } = await world.open(anna);
  const took: Record<string, number> = {};
  const timed = async (name: string, work: () => Promise<void>): Promise<void> => {
    const start = performance.now();
    await work();
    took[name] = Math.round(performance.now() - start);
  };
  const library = page.getByRole('region', { name: 'Music library' });
  const rows = library.locator('[data-row]');
  await page.getByRole('link', { name: 'Music', exact: true }).click();
  await expect(library.getByText('20,000 tracks')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Chats', exact: true }).click();
  await timed('opened', async () => {
    await page.getByRole('link', { name: 'Music', exact: true }).click();
    await expect(rows.filter({ hasText: 'Title 19999' })).toBeVisible();
  });
  expect(await rows.count()).toBeLessThan(MOST_ROWS);

  await rows.first().focus();
  await timed('to the end', async () => {
    await page.keyboard.press('End');
    await expect(rows.filter({ has: page.getByText('Title 0', { exact: true }) })).toBeFocused();
  });
  expect(await rows.count()).toBeLessThan(MOST_ROWS);

  // A wheel through a part of the list, frame by frame.
  const frames = await page.evaluate(async () => {
    const scroller = document.querySelector('.library .scroller');
    if (!scroller) throw new Error('no list');
    const times: number[] = [];
    let last = performance.now();
    for (let step = 0; step < 200; step += 1) {
      scroller.scrollTop -= 400;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times.sort((a, b) => a - b);
  });
  took['frame of a scroll, median'] = Math.round(frames[100] ?? 0);
  took['frame of a scroll, 19 of 20'] = Math.round(frames[190] ?? 0);
  took['frame of a scroll, longest'] = Math.round(frames[199] ?? 0);
  await expect(rows.nth(5)).toContainText(/Title \d+/);

  const search = library.getByRole('searchbox');
  await timed('searched', async () => {
    await search.fill('title 12345');
    await expect(rows).toHaveCount(1);
  });
  await search.fill('');
  await expect(library.getByText('20,000 tracks')).toBeVisible();
  await timed('sorted', async () => {
    await library.getByRole('button', { name: 'Title', exact: true }).click();
    await expect(rows.first()).toContainText('Title 0');
  });
  await rows.first().focus();
  await timed('all selected', async () => {
    await page.keyboard.press('ControlOrMeta+a');
    await expect(rows.nth(3)).toHaveAttribute('aria-selected', 'true');
  });
  // With RELAY_FIGURES the figures are told: they depend on what else this computer does.
  if (process.env['RELAY_FIGURES']) process.stdout.write(`${JSON.stringify(took)}\n`);
});
