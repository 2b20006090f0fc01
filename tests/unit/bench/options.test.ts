import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../bench/lib/options.ts';

const known = ['start', 'open', 'search'];
const traceable = ['start'];

describe('parseOptions', () => {
  it('runs everything in full by default', () => {
    expect(parseOptions([], known, traceable)).toMatchObject({
      ok: true,
      options: { only: [], quick: false, trace: false, help: false },
    });
  });

  it.each([
    [['--only', 'open'], ['open']],
    [['--only=open,search'], ['open', 'search']],
    [
      ['--only', 'start', '--only', 'search'],
      ['start', 'search'],
    ],
  ])('reads %j', (args, only) => {
    expect(parseOptions(args, known, traceable)).toMatchObject({ ok: true, options: { only } });
  });

  it('reads the other flags', () => {
    expect(parseOptions(['--quick', '--seed=7'], known, traceable)).toMatchObject({
      ok: true,
      options: { quick: true, seed: 7 },
    });
  });

  it.each([[['--trace', '--only', 'start']], [['--only=start', '--trace', '--quick']]])('traces with %j', (args) => {
    expect(parseOptions(args, known, traceable)).toMatchObject({ ok: true, options: { only: ['start'], trace: true } });
  });

  it.each([
    [['--only'], /needs a name/],
    [['--only', 'opne'], /no benchmark "opne": start, open, search/],
    [['--seed', 'x'], /whole number/],
    [['--fast'], /unknown word "--fast"/],
    [['--trace'], /--trace needs --only with start/],
    [['--trace', '--only', 'open'], /--trace needs --only with start/],
    [['--only', 'start,search', '--trace'], /--trace needs --only with start/],
  ])('refuses %j with a word', (args, reason) => {
    const parsed = parseOptions(args, known, traceable);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.reason).toMatch(reason);
  });
});
