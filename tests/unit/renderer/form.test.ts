import { describe, expect, test } from 'vitest';
import { counterNear, createForm } from '../../../renderer/src/composables/form.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { blamesAddress, required, typedPassword } from '../../../renderer/src/features/auth/auth-rules.ts';

const short = (value: string) => (value.length < 3 ? ('too_short' as const) : null);

describe('a form', () => {
  test('is quiet until a field is left', () => {
    const form = createForm({ name: short });
    form.values.name = 'ab';
    expect(form.problems.value).toEqual({});
    form.leave('name');
    expect(form.problems.value).toEqual({ name: 'too_short' });
    form.values.name = 'abc';
    expect(form.problems.value).toEqual({});
  });

  test('a field that was passed by empty waits for the submit', () => {
    const form = createForm({ name: required, other: required });
    form.leave('name');
    expect(form.problems.value).toEqual({});
    expect(form.submit()).toBe('name');
    expect(form.problems.value).toEqual({ name: 'required', other: 'required' });
  });

  test('submit answers the first field in the way, or null', () => {
    const form = createForm({ a: required, b: short }, { a: 'x', b: 'y' });
    expect(form.submit()).toBe('b');
    form.values.b = 'long enough';
    expect(form.submit()).toBeNull();
  });

  test('the server’s word stands until the field changes, and comes back with the same value', () => {
    const form = createForm({ name: short }, { name: 'taken-name' });
    expect(form.refuse({ name: 'taken', unknown: 'invalid' })).toBe('name');
    expect(form.problems.value).toEqual({ name: 'taken' });
    expect(form.submit()).toBe('name');
    form.values.name = 'other-name';
    expect(form.problems.value).toEqual({});
    expect(form.submit()).toBeNull();
    form.values.name = 'taken-name';
    expect(form.problems.value).toEqual({ name: 'taken' });
  });

  test('a refusal of fields that the form has not is nobody’s', () => {
    expect(createForm({ name: short }).refuse({ else: 'invalid' })).toBeNull();
  });
});

test('blank is not filled in', () => {
  expect([required(''), required('  '), required('x')]).toEqual(['required', 'required', null]);
});

test('a password is judged as it was typed', () => {
  const judged = ['', '      ', 'x'.repeat(LIMITS.password.max), ' '.repeat(LIMITS.password.max + 1)].map(
    typedPassword,
  );
  expect(judged).toEqual(['required', null, null, 'too_long']);
});

test('a counter appears when four fifths are used', () => {
  expect(counterNear(15, 20)).toBeNull();
  expect(counterNear(16, 20)).toEqual({ length: 16, max: 20 });
  expect(counterNear(25, 20)).toEqual({ length: 25, max: 20 });
});

test('an address is blamed for what an address can cause', () => {
  expect(blamesAddress('not_a_relay')).toBe(true);
  expect(blamesAddress('wrong_credentials')).toBe(false);
});
