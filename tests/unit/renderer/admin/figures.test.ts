/** The console's figures, from what a server says. */
import { describe, expect, it } from 'vitest';
import type { Statistics, StatisticsSeries } from '#contract/api/admin.ts';
import {
  busiestOf,
  heatOf,
  heatSpan,
  lineOf,
  momentsOf,
  PERIODS,
  spanOf,
} from '../../../../renderer/src/features/admin/figures.ts';
import { COLUMNS, LISTS, pressed, sortedAs } from '../../../../renderer/src/features/admin/list-columns.ts';

const HOUR = 3_600_000;
const NOW = new Date(2026, 10, 27, 15, 30).getTime();

const series: StatisticsSeries = {
  from: new Date(2026, 10, 24).getTime(),
  stepHours: 24,
  users: [1, 1, 2, 3],
  messages: [10, 20, 30, 45],
  reactions: [0, 0, 0, 0],
  files: [0, 0, 0, 0],
  fileBytes: [100, 200, 300, 400],
  calls: [0, 0, 2, 1],
  online: [null, 4, null, 9],
};
const statistics: Statistics = {
  ...{ users: 20, messages: 105, chats: 3, files: 4, calls: 3, online: 5, storageBytes: 2000, uptime: 1 },
  series,
};

describe('a period', () => {
  it.each(PERIODS)('of a %s is asked for twice over, in whole steps that end with the running one', (period) => {
    const { from, to, stepHours, count } = spanOf(period, NOW);
    expect(to).toBeGreaterThan(NOW);
    expect(to - NOW).toBeLessThanOrEqual(Math.min(stepHours, 24) * HOUR);
    expect((to - from) / (stepHours * HOUR)).toBe(2 * count);
    // As many as a server may be asked for.
    expect(2 * count).toBeLessThanOrEqual(2000);
  });

  it('of days ends at midnight here', () => {
    expect(spanOf('week', NOW).to).toBe(new Date(2026, 10, 28).getTime());
    expect(spanOf('day', NOW).to).toBe(new Date(2026, 10, 27, 16).getTime());
  });
});

describe('a figure', () => {
  it('that is counted is compared with the time before', () => {
    expect(lineOf('messages', statistics, series, 2)).toEqual({
      number: 75,
      change: 45,
      part: 1.5,
      values: [30, 45],
      before: [10, 20],
    });
    expect(lineOf('calls', statistics, series, 2)).toMatchObject({ number: 3, part: null });
  });

  it('that grows leads to what it is now', () => {
    expect(lineOf('users', statistics, series, 2)).toMatchObject({
      number: 20,
      change: 5,
      values: [17, 20],
      before: null,
    });
    expect(lineOf('storage', statistics, series, 3).values).toEqual([1300, 1600, 2000]);
  });

  it('that is sampled has gaps, and its peak', () => {
    expect(lineOf('online', statistics, series, 2)).toMatchObject({ number: 5, change: 9, values: [null, 9] });
  });

  it('has a moment for each of its values', () => {
    expect(momentsOf(series, 2)).toEqual([series.from + 48 * HOUR, series.from + 72 * HOUR]);
  });
});

describe('when people write', () => {
  // A Tuesday.
  const from = new Date(2026, 10, 24).getTime();
  const messages = Array.from({ length: 24 * 8 }, () => 0);
  messages[13] = 5;
  messages[14] = 2;
  messages[13 + 24 * 7] = 4;
  const heat = heatOf({ from, messages });

  it('is told by weekday and by two hours', () => {
    expect(heat[1]?.[6]).toBe(9);
    expect(heat[1]?.[7]).toBe(2);
    expect(heat.flat().reduce((all, one) => all + one, 0)).toBe(11);
    expect(busiestOf(heat)).toEqual({ weekday: 1, hour: 12 });
  });

  it('is nothing where nobody wrote', () => expect(busiestOf(heatOf({ from, messages: [0, 0] }))).toBeNull());

  it('asks for no more points than a server gives', () => {
    const { from: begin, to } = heatSpan(NOW);
    expect((to - begin) / HOUR).toBe(28 * 24);
  });
});

describe('a head of a column', () => {
  it('sorts by it, then the other way round, and says so', () => {
    const [name] = COLUMNS.users;
    if (!name) throw new Error('no column');
    expect(sortedAs(name, 'newest')).toBe('none');
    expect(pressed(name, 'newest')).toBe('name');
    expect(sortedAs(name, 'name')).toBe('ascending');
    expect(pressed(name, 'name')).toBe('-name');
    expect(sortedAs(name, '-name')).toBe('descending');
    expect(pressed(name, '-name')).toBe('name');
  });

  it('that cannot be sorted by says nothing', () => {
    for (const list of LISTS) {
      for (const column of COLUMNS[list].filter(({ sorts }) => !sorts)) {
        expect(sortedAs(column, 'newest')).toBeUndefined();
        expect(pressed(column, 'newest')).toBe('newest');
      }
    }
  });
});
