import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegisterBody } from '#contract/api/user.ts';
import type { FieldProblem } from '#contract/model/errors.ts';
import { fieldProblem, REGISTER_FIELDS, type RegisterField } from '#contract/model/field-rules.ts';

const valid: Record<RegisterField, string> = {
  username: 'ada_l',
  firstName: 'Ada',
  lastName: 'Long',
  age: '30',
  bio: '',
  password: 'secret',
};

function schemaTakes(field: RegisterField, value: string): boolean {
  const form = { ...valid, [field]: value };
  return RegisterBody.safeParse({ ...form, age: form.age.trim() === '' ? NaN : Number(form.age) }).success;
}

describe('field rules', () => {
  it.each<[RegisterField, string, FieldProblem | null]>([
    ['username', '', 'required'],
    ['username', 'ab', 'too_short'],
    ['username', 'abc', null],
    ['username', 'a'.repeat(20), null],
    ['username', 'a'.repeat(21), 'too_long'],
    ['username', 'a b c', 'bad_characters'],
    ['username', 'Жанна', null],
    ['username', 'สมชาย', null],
    ['username', 'हिन्दी', null],
    ['username', 'محمد', null],
    ['username', '東京タワー', null],
    ['username', '김서연', null],
    ['username', 'e\u0301mile', null],
    ['username', 'zoë_7', null],
    ['username', 'тест', null],
    ['username', 'pаypal', 'mixed_scripts'],
    ['username', 'аnna', 'mixed_scripts'],
    ['username', 'Ωmega', 'mixed_scripts'],
    ['username', 'сосо', 'lookalike'],
    ['username', 'аррӏе', 'lookalike'],
    ['username', 'ａｎｎａ', 'bad_characters'],
    ['username', 'ﬁnn_a', 'bad_characters'],
    ['username', 'an\u200Bna', 'bad_characters'],
    ['username', '\u0301abc', 'bad_characters'],
    ['username', 'an🦊na', 'bad_characters'],
    ['firstName', '\u034F\uFE0F\u{E0100}', 'invisible'],
    ['firstName', 'A\nB', 'bad_characters'],
    ['firstName', 'A\u2028B', 'bad_characters'],
    ['firstName', 'A\u007FB', 'bad_characters'],
    ['firstName', 'A\u00ADB', 'bad_characters'],
    ['firstName', 'A\u{E0041}', 'bad_characters'],
    ['firstName', `A${'\u0301'.repeat(60)}`, 'too_long'],
    ['firstName', `A${'\u0316'.repeat(20)}`, 'bad_characters'],
    ['firstName', 'می\u200Cخواهم', null],
    ['firstName', 'क्\u200Dष', null],
    ['firstName', '👩\u200D🔬 Ada', null],
    ['firstName', 'Ada ❤\uFE0F', null],
    ['firstName', "O'Brien-Łuk", null],
    ['firstName', '', 'required'],
    ['firstName', 'a'.repeat(50), null],
    ['firstName', 'a'.repeat(51), 'too_long'],
    ['firstName', ' \u200b ', 'invisible'],
    ['firstName', 'a\u202eb', 'bad_characters'],
    ['lastName', 'O\u0000', 'bad_characters'],
    ['age', '', 'required'],
    ['age', 'x', 'not_a_number'],
    ['age', '12', 'too_small'],
    ['age', '13', null],
    ['age', '120', null],
    ['age', '121', 'too_large'],
    ['age', '13.5', 'not_a_number'],
    ['bio', 'a'.repeat(500), null],
    ['bio', 'a'.repeat(501), 'too_long'],
    ['bio', '\ud800', 'bad_characters'],
    ['password', '12345', 'too_short'],
    ['password', '123456', null],
  ])('%s %j: %s', (field, value, problem) => {
    expect(fieldProblem(field, value)).toBe(problem);
    expect(schemaTakes(field, value)).toBe(problem === null);
  });

  it("gives the schema's verdict on any text", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REGISTER_FIELDS.filter((field) => field !== 'age')),
        fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 520 })),
        (field, value) => (fieldProblem(field, value) === null) === schemaTakes(field, value),
      ),
    );
  });

  it("gives the schema's verdict on any age", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        (age) => (fieldProblem('age', String(age)) === null) === schemaTakes('age', String(age)),
      ),
    );
  });
});
