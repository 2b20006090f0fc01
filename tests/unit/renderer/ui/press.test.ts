// @vitest-environment happy-dom
/** What is being pressed keeps its place until the click, a drag, or the release. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope, ref, type EffectScope } from 'vue';
import { useHeldWhilePressed, watchPresses } from '../../../../renderer/src/ui/press.ts';

let scope: EffectScope;
let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  const [row, aside] = [document.createElement('div'), document.createElement('aside')];
  row.className = 'row';
  row.append(document.createElement('button'));
  document.body.append(row, aside);
  stop = watchPresses();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  stop();
  vi.useRealTimers();
  document.body.replaceChildren();
});

function point(type: string, on: string, more: PointerEventInit = {}): void {
  document.querySelector(on)?.dispatchEvent(new PointerEvent(type, { bubbles: true, buttons: 1, ...more }));
}

function held() {
  const source = ref(1);
  const shown = scope.run(() =>
    useHeldWhilePressed(
      () => source.value,
      (pressed) => pressed.closest('.row') !== null,
    ),
  );
  return { source, shown: () => shown?.value };
}

test.each([
  ['the click', () => point('click', 'button')],
  ['a release elsewhere', () => (point('pointerup', 'aside', { buttons: 0 }), vi.runAllTimers())],
  ['a release that was not reported', () => (point('pointermove', 'aside', { buttons: 0 }), vi.runAllTimers())],
  ['a cancelled press', () => (point('pointercancel', 'button'), vi.runAllTimers())],
  ['a drag, as of a selection', () => point('pointermove', 'button', { clientX: 4, clientY: 4 })],
])('until %s', (_what, end) => {
  const { source, shown } = held();
  point('pointerdown', 'button');
  source.value = 2;
  point('pointermove', 'button', { clientX: 3 });
  vi.runAllTimers();
  expect(shown()).toBe(1);
  end();
  expect(shown()).toBe(2);
});

test('between the release and its click as well', () => {
  const { source, shown } = held();
  point('pointerdown', 'button');
  point('pointerup', 'button', { buttons: 0 });
  source.value = 2;
  expect(shown()).toBe(1);
  vi.runAllTimers();
  expect(shown()).toBe(2);
});

test('a press elsewhere holds nothing', () => {
  const { source, shown } = held();
  point('pointerdown', 'aside');
  source.value = 2;
  expect(shown()).toBe(2);
});

test('a second press soon after the first keeps holding', () => {
  const { source, shown } = held();
  point('pointerdown', 'button');
  point('pointerup', 'button', { buttons: 0 });
  point('pointerdown', 'button');
  vi.runAllTimers();
  source.value = 2;
  expect(shown()).toBe(1);
});
