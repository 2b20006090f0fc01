import { describe, expect, it } from 'vitest';
import { mutantsOf } from '../../../../scripts/lib/mutation/mutators.ts';

/** Each mutant as `kind: what stands there => what is put there`. */
const shown = (source: string): string[] =>
  mutantsOf(source).map(
    ({ kind, start, end, replacement }) => `${kind}: ${source.slice(start, end)} => ${replacement}`,
  );

describe('the faults', () => {
  it.each([
    ['a condition', 'if (a) b();', ['condition: a => true', 'condition: a => false', 'call: b(); => ']],
    ['a loop, which must not go on for ever', 'while (a) b();', ['condition: a => false', 'call: b(); => ']],
    ['a choice', 'x(a ? b : c);', ['call: x(a ? b : c); => ', 'condition: a => true', 'condition: a => false']],
    [
      'a comparison that decides',
      'if (a < b) return;',
      ['condition: a < b => true', 'condition: a < b => false', 'boundary: a < b => a <= b', 'exit: return; => '],
    ],
    ['a comparison that is told', 'const x = a >= b;', ['boundary: a >= b => a > b', 'equality: a >= b => a < b']],
    ['an equality that decides', 'if (a === b) {}', ['condition: a === b => true', 'condition: a === b => false']],
    ['an equality that is told', 'const x = a !== b;', ['equality: a !== b => a === b']],
    ['arithmetic', 'const x = a + b * c;', ['arithmetic: a + b * c => a - b * c', 'arithmetic: b * c => b / c']],
    ['a joined text, which is no sum', "const x = a + 'b';", ["string: 'b' => ''"]],
    ['and, or', 'const x = a && b || c;', ['logical: a && b || c => (a && b) && (c)', 'logical: a && b => (a) || (b)']],
    ['a default', 'const x = a ?? b;', ['logical: a ?? b => (a) && (b)']],
    ['not', 'const x = !a;', ['negation: !a => a']],
    ['a number that is less than nothing', 'const x = -a;', ['arithmetic: -a => a']],
    ['a step', 'a += 1;', ['call: a += 1; => ', 'arithmetic: a += 1 => a -= 1', 'number: 1 => 2', 'number: 1 => 0']],
    ['another step', 'a++;', ['call: a++; => ', 'arithmetic: a++ => a--']],
    [
      'true and false',
      'f(true, false);',
      ['call: f(true, false); => ', 'boolean: true => false', 'boolean: false => true'],
    ],
    ['a small number', 'const x = 3;', ['number: 3 => 4', 'number: 3 => 2']],
    ['none', 'const x = 0;', ['number: 0 => 1']],
    ['a large number', 'const x = 20_000;', ['number: 20_000 => 40000', 'number: 20_000 => 10000']],
    ['a part', 'const x = 0.5;', ['number: 0.5 => 0']],
    ['a text', "const x = 'a';", ["string: 'a' => ''"]],
    ['an empty text', "const x = '';", ["string: '' => 'mutant'"]],
    ['a composed text', 'const x = `a${b}`;', ["string: `a${b}` => ''"]],
    ['a list', 'const x = [a];', ['array: [a] => []']],
    ['one method for another', 'const x = Math.min(a, b);', ['call: Math.min(a, b) => Math.max(a, b)']],
    ['one question for another', 'const x = a.some(b);', ['call: a.some(b) => a.every(b)']],
    ['a short function that does something', 'const x = () => f();', ['callback: f() => undefined']],
    ['the same without an answer', 'const x = () => void f();', ['callback: void f() => undefined']],
    ['a statement', 'await f();', ['call: await f(); => ']],
    [
      'ways out',
      'for (const a of b) { if (c) continue; break; }',
      ['condition: c => true', 'condition: c => false', 'exit: continue; => ', 'exit: break; => '],
    ],
    ['a throw', 'throw x;', ['exit: throw x; => ']],
    ['a case', "switch (a) { case 'b': break; }", ["string: 'b' => ''"]],
  ])('of %s', (_what, source, expected) => {
    expect(shown(source)).toEqual(expected);
  });

  it.each([
    ['types', "type A = 'a' | 1; interface B { c: 'd'; } let x: 'e' | true;"],
    ['imports', "import a from 'b'; export { c } from 'd'; import type { E } from 'f';"],
    ['names', "const x = { 'a': b, 1: c };"],
    ['log lines', "logger.warn('a', { b: 1 }); this.#options.logger.info(`c${d}`, { e: f + 1 }); void log.error('g');"],
    ['errors that end the program', "const x = new TypeError('a' + b);"],
    ['named moments', "onStep('a'); options.onStep('b');"],
    ['the message of a failure beside its code', "const x = { message: 'why' };"],
    ['text with a tag', 'const x = sql`a`;'],
    ['functions of another name', 'const x = a.toString(b);'],
    ['a link of a chain', 'const x = a?.min(b).c;'],
    ['a function that does nothing', 'const x = () => undefined; const y = () => ({});'],
    ['super', 'class A extends B { constructor(c) { super(c); } }'],
  ])('spare %s', (_what, source) => {
    expect(shown(source)).toEqual([]);
  });

  it('keep the code of a failure, and leave its sentence', () => {
    expect(shown("const x = fail('busy', 'that is why');")).toEqual(["string: 'busy' => ''"]);
  });

  it('stand where they stand, counted from one', () => {
    expect(mutantsOf('const a = 1;\n  const b = !c;')).toMatchObject([
      { line: 1, column: 11 },
      { line: 1, column: 11 },
      { line: 2, column: 13, start: 25, end: 27 },
    ]);
  });
});
