import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { LoginBody, RegisterBody } from '../../../contract/api/user.ts';
import { SendMessageBody } from '../../../contract/api/message.ts';
import { REGISTER_FIELDS, fieldProblem } from '../../../contract/model/field-rules.ts';
import { validationError } from '../../../relay/http/field-problems.ts';

function fieldsOf(schema: z.ZodType, data: unknown): Record<string, string> | undefined {
  const result = schema.safeParse(data);
  if (result.success) throw new Error('the schema took it');
  return validationError(result.error, data).fields;
}

const good = { username: 'anna', firstName: 'Anna', lastName: 'Berg', age: 30, password: 'secret1' };

describe('each field of a registration', () => {
  test.each([
    ['username', undefined, 'required'],
    ['username', '', 'required'],
    ['username', 'ab', 'too_short'],
    ['username', 'a'.repeat(21), 'too_long'],
    ['username', 'an na', 'bad_characters'],
    ['username', 7, 'invalid'],
    ['username', { $gt: 0 }, 'invalid'],
    ['firstName', '\u200B\u200D', 'invisible'],
    ['firstName', 'a\u202Eb', 'bad_characters'],
    ['lastName', 'a\0', 'bad_characters'],
    ['lastName', 'a'.repeat(51), 'too_long'],
    ['age', undefined, 'required'],
    ['age', '30', 'not_a_number'],
    ['age', 12, 'too_small'],
    ['age', 121, 'too_large'],
    ['age', 30.5, 'not_a_number'],
    ['age', Number.POSITIVE_INFINITY, 'not_a_number'],
    ['bio', 'a'.repeat(501), 'too_long'],
    ['password', '12345', 'too_short'],
    ['password', 'a\uD800bcdef', 'bad_characters'],
  ])('%s %j: %s', (field, value, problem) => {
    expect(fieldsOf(RegisterBody, { ...good, [field]: value })).toEqual({ [field]: problem });
  });

  test('the server and the form use the same words', () => {
    const values = ['', 'ab', 'a'.repeat(600), '\u200B\u200B\u200B', 'a\u202Ebcdef', 'good-enough'];
    const texts = REGISTER_FIELDS.filter((field) => field !== 'age');
    for (const field of texts) {
      for (const value of values) {
        const result = RegisterBody.safeParse({ ...good, [field]: value });
        const told = result.success
          ? null
          : (validationError(result.error, { ...good, [field]: value }).fields?.[field] ?? null);
        expect(told, `${field} ${JSON.stringify(value.slice(0, 12))}`).toBe(fieldProblem(field, value));
      }
    }
  });
});

test.each([[null], [[]], ['text'], [7], [undefined]])('a body that is no object (%j) names no field', (data) => {
  expect(fieldsOf(LoginBody, data)).toBeUndefined();
});

test('a problem inside a list is the list’s', () => {
  const data = { chatId: 'c1', content: 'x', attachments: ['ok', 7] };
  expect(fieldsOf(SendMessageBody, data)).toEqual({ attachments: 'invalid' });
  const many = { chatId: 'c1', content: 'x', attachments: Array.from({ length: 11 }, () => 'a') };
  expect(fieldsOf(SendMessageBody, many)).toEqual({ attachments: 'too_long' });
});
