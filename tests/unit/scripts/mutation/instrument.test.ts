import { stripTypeScriptTypes } from 'node:module';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { instrument, SWITCH } from '../../../../scripts/lib/mutation/instrument.ts';
import { mutantsOf } from '../../../../scripts/lib/mutation/mutators.ts';

const SOURCE = `
function judge(age: number, isMember: boolean): string {
  let price = 10;
  if (age < 6) price = 0;
  else if (isMember && age > 60) price -= 5;
  return price === 0 ? 'free' : String(price);
}
[judge(5, false), judge(6, false), judge(61, true), judge(61, false)].join(' ');
`;

/** What the source comes to with one mutant on, or none; and which were asked. */
function run(active: number | null, firstId = 0): { value: string; asked: Set<number> } {
  const asked = new Set<number>();
  const code = stripTypeScriptTypes(instrument(SOURCE, mutantsOf(SOURCE), firstId));
  const value: unknown = runInNewContext(code, {
    [SWITCH]: (id: number): boolean => {
      asked.add(id);
      return id === active;
    },
  });
  return { value: String(value), asked };
}

describe('a source with its mutants built in', () => {
  const mutants = mutantsOf(SOURCE);

  it('does what it did while none is on', () => {
    expect(run(null).value).toBe('free 10 5 10');
  });

  it('asks each mutant that the run comes by', () => {
    expect(run(null).asked).toEqual(new Set(mutants.keys()));
  });

  it('does what the one that is on makes of it: what the same text would do if it were written there', () => {
    for (const [id, { start, end, replacement }] of mutants.entries()) {
      const written = `${SOURCE.slice(0, start)}${replacement === '' ? ';' : replacement}${SOURCE.slice(end)}`;
      expect(run(id).value, written).toBe(String(runInNewContext(stripTypeScriptTypes(written))));
    }
  });

  it('counts from the number that it is given', () => {
    expect(run(null, 100).asked).toEqual(new Set([...mutants.keys()].map((id) => id + 100)));
  });

  it('keeps an else with its own if when the statement before it is left out', () => {
    const source = 'let x = 0; if (a) x = 1; else x = 2; x;';
    const code = instrument(source, mutantsOf(source), 0);
    const left = mutantsOf(source).findIndex(({ replacement, start }) => replacement === '' && start > 15);
    const value = (a: boolean): unknown => runInNewContext(code, { a, [SWITCH]: (id: number) => id === left });
    expect([value(true), value(false)]).toEqual([0, 2]);
  });
});
