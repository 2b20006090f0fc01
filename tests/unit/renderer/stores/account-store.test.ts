// @vitest-environment happy-dom
/** One store for each account: how it is found, and that nothing of a closed account is left. */
import { mount } from '@vue/test-utils';
import { createPinia, getActivePinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defineComponent, h, onScopeDispose, provide, ref } from 'vue';
import {
  ACCOUNT_ID,
  defineAccountStore,
  useAccountId,
  useAccountStores,
} from '../../../../renderer/src/stores/account/account-store.ts';

const ended = vi.fn<(accountId: string) => void>();
const useCounter = defineAccountStore('counter', (accountId) => {
  const count = ref(0);
  onScopeDispose(() => ended(accountId));
  return { accountId, count };
});

beforeEach(() => {
  setActivePinia(createPinia());
  ended.mockReset();
});

describe('the store of an account', () => {
  test('is one and the same for an account, and another one for another account', () => {
    useCounter('x').count += 1;
    expect([useCounter('x').count, useCounter('y').count]).toEqual([1, 0]);
    expect(useCounter('x')).toBe(useCounter('x'));
    expect([useCounter('x').accountId, useCounter('y').accountId]).toEqual(['x', 'y']);
  });

  test('is not mixed up with a store of another name', () => {
    const useOther = defineAccountStore('other', () => ({ count: ref(7) }));
    useCounter('x').count += 1;
    expect([useCounter('x').count, useOther('x').count]).toEqual([1, 7]);
  });

  test('needs no name within the screens of an account, the nearest one counts, and a name goes before it', () => {
    const found: string[] = [];
    const Part = defineComponent(() => {
      found.push(useCounter().accountId, useCounter('z').accountId, useAccountId());
      return () => null;
    });
    const Inner = defineComponent(() => {
      provide(ACCOUNT_ID, 'y');
      return () => h(Part);
    });
    const Shell = defineComponent(() => {
      provide(ACCOUNT_ID, 'x');
      return () => [h(Part), h(Inner)];
    });
    mount(Shell);
    expect(found).toEqual(['x', 'z', 'x', 'y', 'z', 'y']);
  });

  test('is not guessed: outside of the screens of an account, and in another store, it must be named', () => {
    const words = 'the account must be named';
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(() => useCounter()).toThrow(words);
    expect(() => mount(defineComponent(() => (useCounter(), () => null)))).toThrow(words);
    const useHasty = defineAccountStore('hasty', () => ({ counter: useCounter() }));
    const Shell = defineComponent(() => {
      provide(ACCOUNT_ID, 'x');
      return () => h(defineComponent(() => (useHasty('y'), () => null)));
    });
    expect(() => mount(Shell)).toThrow(words);
    // One that could not be made takes nobody else's place away.
    let found = '';
    const Other = defineComponent(() => {
      provide(ACCOUNT_ID, 'x');
      return () => h(defineComponent(() => ((found = useCounter().accountId), () => null)));
    });
    mount(Other);
    expect(found).toBe('x');
    warn.mockRestore();
  });
});

describe('an account that is closed', () => {
  test('ends what its stores have started, and those of no other account', () => {
    useCounter('x');
    useCounter('y');
    useAccountStores().dispose('x');
    expect(ended.mock.calls).toEqual([['x']]);
    expect(useAccountStores().accounts()).toEqual(['y']);
  });

  test('begins empty when it is opened again', () => {
    const before = useCounter('x');
    before.count = 5;
    useCounter('y').count = 3;
    useAccountStores().dispose('x');
    expect(useCounter('x').count).toBe(0);
    expect(useCounter('x')).not.toBe(before);
    expect(useCounter('y').count).toBe(3);
  });

  test('leaves no state behind', () => {
    useCounter('x').count = 5;
    useAccountStores().dispose('x');
    expect(Object.keys(getActivePinia()?.state.value ?? {}).filter((id) => id.includes('counter'))).toEqual([]);
  });

  test('is told apart from its next time', () => {
    const stores = useAccountStores();
    useCounter('x');
    const first = stores.openingOf('x');
    stores.dispose('x');
    expect(stores.openingOf('x')).not.toBe(first);
    expect(stores.openingOf('y')).toBe(stores.openingOf('z'));
  });
});
