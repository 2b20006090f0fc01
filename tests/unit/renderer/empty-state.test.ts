// @vitest-environment happy-dom
import { Archive } from '@lucide/vue';
import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { h } from 'vue';
import EmptyArt from '../../../renderer/src/ui/EmptyArt.vue';
import EmptyState from '../../../renderer/src/ui/EmptyState.vue';

test('where nothing is missing in particular there are two bubbles and the dot', () => {
  const page = mount(EmptyState, {
    props: { title: 'No chats yet' },
    slots: { default: () => h('button', 'Find people') },
  });
  expect(page.findComponent(EmptyArt).exists()).toBe(true);
  expect(page.findAll('svg path').length).toBe(2);
  expect(page.findAll('svg circle').length).toBe(1);
  expect(page.get('button').text()).toBe('Find people');
});

test('else the icon of what is missing, large, and nothing said of it', () => {
  const page = mount(EmptyState, { props: { title: 'No archived chats', icon: Archive } });
  expect(page.findComponent(EmptyArt).exists()).toBe(false);
  expect(page.get('svg').attributes()).toMatchObject({ width: '64', 'aria-hidden': 'true' });
});

test('a failure is told, an empty place is not', () => {
  expect(mount(EmptyState, { props: { title: 'x', tone: 'error', icon: Archive } }).attributes('role')).toBe('alert');
  expect(mount(EmptyState, { props: { title: 'x' } }).attributes('role')).toBeUndefined();
});
