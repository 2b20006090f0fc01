// @vitest-environment happy-dom
/** How well a call runs, as bars: on the call's screen beside words, in the small window with a name of their own. */
import { mount } from '@vue/test-utils';
import { createI18n } from 'vue-i18n';
import { shallowRef } from 'vue';
import { describe, expect, test } from 'vitest';
import type { MiniView } from '../../../../contract/ipc/mini-views.ts';
import en from '../../../../renderer/src/i18n/calls.en.json';
import MiniCall from '../../../../renderer/src/mini/MiniCall.vue';
import SignalBars from '../../../../renderer/src/ui/SignalBars.vue';

describe('bars of a signal', () => {
  test.each([
    ['good', 4],
    ['fair', 3],
    ['poor', 2],
    ['bad', 1],
  ] as const)('%s: %i are lit', (level, lit) => {
    const bars = mount(SignalBars, { props: { level } });
    expect(bars.findAll('.is-lit')).toHaveLength(lit);
    // The words beside them say it.
    expect(bars.attributes('aria-hidden')).toBe('true');
    const named = mount(SignalBars, { props: { level, label: 'Signal' } });
    expect(named.attributes()).toMatchObject({ role: 'img', 'aria-label': 'Signal' });
    expect(named.attributes('aria-hidden')).toBeUndefined();
  });

  test('stand in the small window, with a name', () => {
    const view = shallowRef<MiniView | null>({
      call: {
        ...{ key: 'k', peer: { id: 'ada', name: 'Ada', avatarUrl: null }, state: 'active', activeSince: 2 },
        ...{ muted: false, camera: false, sharing: false, connected: true, link: 'connected', quality: 'good' },
        ...{ theirsMuted: false, together: null },
      },
    } as unknown as MiniView);
    const words = createI18n({ legacy: false, locale: 'en', messages: { en } });
    const mini = mount(MiniCall, { props: { view, picture: shallowRef(null) }, global: { plugins: [words] } });
    expect(mini.get('svg.bars').attributes('aria-label')).toBe(en.calls.quality.good);
    mini.unmount();
  });
});
