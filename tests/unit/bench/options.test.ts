import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../bench/lib/options.ts';

const known = ['start', 'open', 'search'];

describe('parseOptions', () => {
  it('runs everything in full by default', () => {
    expect(parseOptions([], known)).toMatchObject({ ok: true, options: { only: [], quick: false, help: false } });
  });

  it.each([
    [['--only', 'open'], ['open']],
    [['--only=open,search'], ['open', 'search']],
    [
      ['--only', 'start', '--only', 'search'],
      ['start', 'search'],
    ],
  ])('reads %j', (args, only) => {
    expect(parseOptions(args, known)).toMatchObject({ ok: true, options: { only } });
  });

  it('reads the other flags', () => {
    expect(parseOptions(['--quick', '--seed=7'], known)).toMatchObject({ ok: true, options: { quick: true, seed: 7 } });
  });

  it.each([
    [['--only'], /needs a name/],
    [['--only', 'opne'], /no benchmark "opne": start, open, search/],
    [['--seed', 'x'], /whole number/],
    [['--fast'], /unknown word "--fast"/],
  ])('refuses %j with a word', (args, reason) => {
    const parsed = parseOptions(args, known);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.reason).toMatch(reason);
  });
});
