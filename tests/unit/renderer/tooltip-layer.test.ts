// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import TooltipLayer from '../../../renderer/src/ui/TooltipLayer.vue';

let layer: VueWrapper;
let button: HTMLButtonElement;

beforeEach(() => {
  vi.useFakeTimers();
  button = document.body.appendChild(document.createElement('button'));
  button.dataset['tooltip'] = 'Search';
  button.dataset['tooltipKeys'] = 'Ctrl K';
  layer = mount(TooltipLayer, { attachTo: document.body });
});
afterEach(() => {
  layer.unmount();
  document.body.replaceChildren();
  vi.useRealTimers();
});

const shown = () => document.querySelector('[role="tooltip"]');

function pointAt(element: Element): void {
  element.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));
}

async function rest(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await nextTick();
}

test('a pointer that rests is told, and the element is described by it', async () => {
  pointAt(button);
  await rest(599);
  expect(shown()).toBeNull();
  await rest(1);
  expect(shown()?.textContent).toContain('Search');
  expect(shown()?.querySelector('kbd')?.textContent).toBe('Ctrl K');
  expect(button.getAttribute('aria-describedby')).toBe(shown()?.id);
  expect(shown()?.id).not.toBe('');
});

test('it goes with the pointer, and the next one comes at once', async () => {
  pointAt(button);
  await rest(600);
  pointAt(document.body);
  await rest(0);
  expect(shown()).toBeNull();
  expect(button.hasAttribute('aria-describedby')).toBe(false);
  pointAt(button);
  await rest(0);
  expect(shown()).not.toBeNull();
});

test('a later one waits again', async () => {
  pointAt(button);
  await rest(600);
  pointAt(document.body);
  await rest(1_000);
  pointAt(button);
  await rest(0);
  expect(shown()).toBeNull();
});

test.each<[string, () => void]>([
  ['Escape', () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))],
  ['a press', () => button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))],
  ['scrolling', () => document.body.dispatchEvent(new Event('scroll'))],
  ['another size of the window', () => window.dispatchEvent(new Event('resize'))],
  ['the element’s end', () => button.remove()],
  ['the opening of what it tells of', () => button.setAttribute('aria-expanded', 'true')],
])('%s ends it', async (_, end) => {
  pointAt(button);
  await rest(600);
  expect(shown()).not.toBeNull();
  end();
  await rest(10);
  expect(shown()).toBeNull();
});

test('it says what its element says now', async () => {
  pointAt(button);
  await rest(600);
  button.dataset['tooltip'] = 'Close';
  await rest(10);
  expect(shown()?.textContent).toContain('Close');
});
