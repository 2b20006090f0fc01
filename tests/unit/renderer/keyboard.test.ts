// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { watchKeyboard } from '../../../renderer/src/ui/keyboard.ts';

const root = document.documentElement;
let stop = (): void => undefined;
const press = (key: string): unknown =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
afterEach(() => {
  stop();
  root.removeAttribute('data-keys');
});

test('no focus ring without the keyboard: after a start and after a press of the pointer', () => {
  stop = watchKeyboard();
  const rings = (): boolean => root.hasAttribute('data-keys');
  expect(rings()).toBe(false);
  press('Shift');
  expect(rings()).toBe(false);
  press('Tab');
  expect(rings()).toBe(true);
  document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
  expect(rings()).toBe(false);
  stop();
  press('Tab');
  expect(rings()).toBe(false);
});
