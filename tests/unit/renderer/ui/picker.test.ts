// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import Picker from '../../../../renderer/src/ui/Picker.vue';
import type { PickerGroup } from '../../../../renderer/src/ui/picker.ts';

let wrapper: VueWrapper | undefined;
afterEach(() => wrapper?.unmount());

describe('a picker', () => {
  const groups: PickerGroup[] = [
    {
      id: 'one',
      label: 'One',
      items: [
        { id: 'a', title: 'A' },
        { id: 'b', title: 'B' },
      ],
    },
    { id: 'two', label: 'Two', items: [{ id: 'c', title: 'C' }] },
  ];
  function show(): VueWrapper {
    wrapper = mount(Picker, {
      attachTo: document.body,
      props: { groups, label: 'Pick', placeholder: '', summary: '', modelValue: '' },
    });
    return wrapper;
  }
  const active = (page: VueWrapper) => {
    const id = page.get('input').attributes('aria-activedescendant');
    return id ? page.get(`[id="${id}"]`).text() : null;
  };

  test('the caret is in the field; arrows go over the groups and round; Enter picks', async () => {
    const page = show();
    const input = page.get('input');
    expect(document.activeElement).toBe(input.element);
    expect(active(page)).toBe('A');
    for (const want of ['B', 'C', 'A']) {
      await input.trigger('keydown', { key: 'ArrowDown' });
      expect(active(page)).toBe(want);
      expect(page.findAll('[aria-selected="true"]').map((row) => row.text())).toEqual([want]);
    }
    await input.trigger('keydown', { key: 'ArrowUp' });
    await input.trigger('keydown', { key: 'Enter' });
    expect(page.emitted('pick')).toEqual([['c', false]]);
  });

  test('a new question begins at the top, and fewer answers keep the choice within them', async () => {
    const page = show();
    await page.get('input').trigger('keydown', { key: 'ArrowUp' });
    expect(active(page)).toBe('C');
    await page.setProps({ groups: groups.slice(0, 1) });
    expect(active(page)).toBe('B');
    await page.setProps({ modelValue: 'x' });
    expect(active(page)).toBe('A');
  });

  test('with nothing to pick, Enter picks nothing', async () => {
    const page = show();
    await page.setProps({ groups: [] });
    await page.get('input').trigger('keydown', { key: 'Enter' });
    await page.get('input').trigger('keydown', { key: 'ArrowDown' });
    expect(page.emitted('pick')).toBeUndefined();
  });
});
