// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { h, ref, type Component } from 'vue';
import { createMemoryHistory, createRouter, type Router } from 'vue-router';
import type { ServerView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import AuthScreen from '../../../renderer/src/features/auth/AuthScreen.vue';
import RegisterForm from '../../../renderer/src/features/auth/RegisterForm.vue';
import SignInForm from '../../../renderer/src/features/auth/SignInForm.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { guardComposition } from '../../../renderer/src/ui/composition.ts';
import { useAccountsStore } from '../../../renderer/src/stores/accounts.ts';
import { ACCOUNT, accountsView, accountView, deferred, installBridge, type Answers } from './bridge-double.ts';

const server: ServerView = { url: 'https://relay.example.org', encrypted: true, version: '1.2.3', capabilities: [] };
const typed = { server: 'https://relay.example.org', username: '', password: '' };
let wrapper: VueWrapper | undefined;

function show(form: Component, given = typed): VueWrapper {
  wrapper = mount(
    { render: () => h(form, { typed: given }) },
    { attachTo: document.body, global: { plugins: [createPinia(), i18n] } },
  );
  return wrapper;
}

/** The whole screen, whose form is the test's to change. */
function showScreen(accounts = accountsView(), answers: Answers['accounts'] = {}) {
  installBridge({ accounts: { probe: () => Promise.resolve(ok(server)), show: async () => ok(null), ...answers } });
  const mode = ref<'sign-in' | 'register' | null>('sign-in');
  const screen = { render: () => null };
  const history = createMemoryHistory();
  history.replace('/sign-in');
  const router = createRouter({
    history,
    routes: [
      { path: '/sign-in', name: 'sign-in', component: screen },
      { path: '/register', name: 'register', component: screen },
      { path: '/', name: 'home', component: screen },
      { path: '/a/:account/chats/:chatId?', name: 'chats', component: screen },
    ],
  });
  const pinia = createPinia();
  setActivePinia(pinia);
  const store = useAccountsStore();
  store.apply({ kind: 'accounts', accounts });
  const page = mount(
    { render: () => mode.value && h(AuthScreen, { mode: mode.value }) },
    { attachTo: document.body, global: { plugins: [pinia, i18n, router] } },
  );
  wrapper = page;
  const value = (label: string): string => (input(page, label).element as HTMLInputElement).value;
  return { page, mode, value, router, store };
}

/** The input that the label with these words names. */
function input(page: VueWrapper, label: string) {
  const found = page.findAll('label').find((one) => one.text() === label);
  return page.get(`[id="${found?.attributes('for') ?? 'nothing'}"]`);
}

/** The words that stand under a field, by the id the field describes itself with. */
function words(page: VueWrapper, label: string): string {
  const id = input(page, label).attributes('aria-describedby');
  return id ? page.get(`[id="${id}"]`).text() : '';
}

beforeEach(async () => {
  vi.useFakeTimers();
  await setLocale('en', 'en-GB');
});
afterEach(() => {
  wrapper?.unmount();
  vi.useRealTimers();
});

describe('signing in', () => {
  test('an empty form asks for what is missing and calls nobody', async () => {
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)) } });
    const page = show(SignInForm);
    await page.get('form').trigger('submit');
    expect(words(page, 'Username')).toBe('This field is required.');
    expect(words(page, 'Password')).toBe('This field is required.');
    expect(input(page, 'Username').attributes('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(input(page, 'Username').element);
  });

  test('a wrong password is told in words; what was typed stays', async () => {
    const login = vi.fn(() => Promise.resolve(fail('wrong_credentials', 'no')));
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)), login } });
    const page = show(SignInForm);
    await input(page, 'Username').setValue(' nina ');
    await input(page, 'Password').setValue('secret1');
    await page.get('form').trigger('submit');
    await flushPromises();
    expect(login).toHaveBeenCalledWith({ server: typed.server, username: 'nina', password: 'secret1' });
    expect(page.get('[role="alert"]').text()).toContain('don’t match');
    expect((input(page, 'Password').element as HTMLInputElement).value).toBe('secret1');
    expect(document.activeElement).toBe(input(page, 'Password').element);
  });

  test('a password of blanks is a password', async () => {
    const login = vi.fn(() => Promise.resolve(ok({ accountId: ACCOUNT })));
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)), login } });
    const page = show(SignInForm, { ...typed, username: 'nina', password: '      ' });
    await page.get('form').trigger('submit');
    expect(login).toHaveBeenCalledWith({ server: typed.server, username: 'nina', password: '      ' });
  });

  test('what the server says of a field stands at that field, and nowhere else', async () => {
    const refusal = fail('validation', 'x', { fields: { username: 'bad_characters' } });
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)), login: () => Promise.resolve(refusal) } });
    const page = show(SignInForm, { ...typed, username: 'nina', password: 'secret1' });
    await page.get('form').trigger('submit');
    await flushPromises();
    expect(words(page, 'Username')).toBe('Some characters aren’t allowed here.');
    expect(document.activeElement).toBe(input(page, 'Username').element);
    expect(page.find('[role="alert"]').exists()).toBe(false);
  });

  test('a second submit while the first is on its way sends nothing', async () => {
    const answer = deferred<Result<{ accountId: string }>>();
    const login = vi.fn(() => answer.promise);
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)), login } });
    const page = show(SignInForm, { ...typed, username: 'nina', password: 'secret1' });
    await page.get('form').trigger('submit');
    await page.get('form').trigger('submit');
    expect(login).toHaveBeenCalledTimes(1);
    answer.resolve(ok({ accountId: ACCOUNT }));
    await flushPromises();
  });

  test('the password can be shown and hidden', async () => {
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)) } });
    const page = show(SignInForm);
    expect(input(page, 'Password').attributes('type')).toBe('password');
    await page.get('[aria-label="Show password"]').trigger('click');
    expect(input(page, 'Password').attributes('type')).toBe('text');
    await page.get('[aria-label="Hide password"]').trigger('click');
    expect(input(page, 'Password').attributes('type')).toBe('password');
  });
});

describe('the last account', () => {
  const last = { server: 'https://last.example.org', username: 'nina' };

  test.each(['en', 'ru'] as const)(
    'is offered with its server, and the password is asked for (%s)',
    async (language) => {
      await setLocale(language, language);
      const { page } = showScreen(accountsView([], { last }));
      const values = page.findAll('input').map(({ element }) => element.value);
      expect(values).toEqual([last.server, last.username, '']);
      expect(document.activeElement).toBe(page.get('input[name="password"]').element);
    },
  );

  test('is nobody at first: the name is asked for, at the server that is offered', () => {
    const { page, value } = showScreen();
    expect([value('Server'), value('Username')]).toEqual([accountsView().defaultServer, '']);
    expect(document.activeElement).toBe(input(page, 'Username').element);
  });

  test('does not give its name to somebody new, and has it again on the way back', async () => {
    const { page, mode, value } = showScreen(accountsView([], { last }));
    mode.value = 'register';
    await flushPromises();
    expect([value('Server'), value('Username')]).toEqual([last.server, '']);
    await input(page, 'Password').setValue('secret1');
    mode.value = 'sign-in';
    await flushPromises();
    expect([value('Username'), value('Password')]).toEqual(['nina', 'secret1']);
  });
});

describe('adding an account', () => {
  const OTHER = 'https://two.example.org nina';
  const back = (page: VueWrapper) => page.findAll('button').find((button) => button.text() === 'Back');
  const place = (router: Router): string => decodeURIComponent(router.currentRoute.value.fullPath);

  async function signIn(page: VueWrapper): Promise<void> {
    await input(page, 'Username').setValue('nina');
    await input(page, 'Password').setValue('secret1');
    await page.get('form').trigger('submit');
    await flushPromises();
  }

  test('says so, offers the usual server, and there is a way back', async () => {
    const { page, router, value } = showScreen(accountsView([accountView()]));
    await flushPromises();
    expect(page.get('h1').text()).toBe('Add an account');
    expect([value('Server'), value('Username')]).toEqual([accountsView().defaultServer, '']);
    await back(page)?.trigger('click');
    await flushPromises();
    expect(place(router)).toBe('/');
  });

  test.each([
    ['Escape leads back', {}, '/'],
    ['not the one that an input method takes', { isComposing: true }, '/sign-in'],
    ['nor another key', { key: 'Enter' }, '/sign-in'],
  ])('%s', async (_name, change, want) => {
    const { router } = showScreen(accountsView([accountView()]));
    const end = guardComposition();
    await flushPromises();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, ...change }));
    await flushPromises();
    end();
    expect(place(router)).toBe(want);
  });

  test('the first one is not added to others: no way back from it, nor does Escape lead anywhere', async () => {
    const { page, router, store } = showScreen();
    await flushPromises();
    expect([page.get('h1').text(), back(page)]).toEqual(['Sign in to Relay', undefined]);
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }));
    await flushPromises();
    expect(place(router)).toBe('/sign-in');
    // While it opens, the screen is on its way out and does not change once more.
    store.apply({ kind: 'accounts', accounts: accountsView([accountView()]) });
    await flushPromises();
    expect([page.get('h1').text(), back(page)]).toEqual(['Sign in to Relay', undefined]);
  });

  test('leads to the new account once it is open here', async () => {
    const login = () => Promise.resolve(ok({ accountId: OTHER }));
    const { page, router, store } = showScreen(accountsView([accountView()]), { login });
    await signIn(page);
    expect(place(router)).toBe('/sign-in');
    store.apply({ kind: 'accounts', accounts: accountsView([accountView(), accountView(OTHER)]) });
    await flushPromises();
    expect(place(router)).toBe(`/a/${OTHER}/chats`);
  });

  test('leads nowhere any more when the person has gone back', async () => {
    const login = () => Promise.resolve(ok({ accountId: OTHER }));
    const { page, mode, router, store } = showScreen(accountsView([accountView()]), { login });
    await signIn(page);
    mode.value = null;
    await flushPromises();
    store.apply({ kind: 'accounts', accounts: accountsView([accountView(), accountView(OTHER)]) });
    await flushPromises();
    expect(place(router)).toBe('/sign-in');
  });

  test('one too many is told in words', async () => {
    const login = () => Promise.resolve(fail('too_many_accounts', 'sixteen'));
    const { page } = showScreen(accountsView([accountView()]), { login });
    await signIn(page);
    expect(page.get('[role="alert"]').text()).toBe(
      'This app can hold 16 accounts at once. Log out of one to add another.',
    );
  });
});

describe('the server’s address', () => {
  test.each([
    { name: 'encrypted', answer: ok(server), want: 'Encrypted connection · Relay 1.2.3' },
    { name: 'open', answer: ok({ ...server, url: 'http://chat.example', encrypted: false }), want: 'Not encrypted' },
    {
      name: 'this computer',
      answer: ok({ ...server, url: 'http://localhost:3000', encrypted: false }),
      want: 'On this computer',
    },
    { name: 'no Relay', answer: fail('not_a_relay', 'x'), want: 'isn’t a Relay server' },
    { name: 'nobody', answer: fail('server_unreachable', 'x'), want: 'Can’t reach the server' },
  ] as const)('$name', async ({ answer, want }) => {
    installBridge({ accounts: { probe: () => Promise.resolve(answer) } });
    const page = show(SignInForm);
    expect(page.get('[role="status"]').text()).toContain('Looking');
    await flushPromises();
    expect(page.get('[role="status"]').text()).toContain(want);
  });

  test('is told calmly while nobody has touched it, and in red once somebody has', async () => {
    installBridge({ accounts: { probe: () => Promise.resolve(fail('server_unreachable', 'x')) } });
    const page = show(SignInForm);
    await flushPromises();
    expect(page.get('[role="status"]').classes()).toContain('is-quiet');
    await input(page, 'Server').setValue('https://other.example.org');
    await vi.advanceTimersByTimeAsync(500);
    expect(page.get('[role="status"]').classes()).toContain('is-bad');
  });

  test('that is to blame for a refusal is named once, at the field, with another try', async () => {
    const probe = vi.fn(() => Promise.resolve<Result<ServerView>>(ok(server)));
    installBridge({ accounts: { probe, login: () => Promise.resolve(fail('server_unreachable', 'x')) } });
    const page = show(SignInForm, { ...typed, username: 'nina', password: 'secret1' });
    await flushPromises();
    expect(page.text()).not.toContain('Try again');
    await page.get('form').trigger('submit');
    await flushPromises();
    expect(page.text().split('Can’t reach the server')).toHaveLength(2);
    expect(document.activeElement).toBe(input(page, 'Server').element);
    const asked = probe.mock.calls.length;
    await page.get('button.again').trigger('click');
    await flushPromises();
    expect(probe.mock.calls.length).toBe(asked + 1);
    expect(page.get('[role="status"]').text()).toContain('Encrypted connection');
  });

  test('that is too long is told once, by the form', async () => {
    installBridge({ accounts: { probe: () => Promise.resolve(fail('bad_address', 'x')) } });
    for (const form of [SignInForm, RegisterForm]) {
      const page = show(form, { ...typed, server: 'x'.repeat(2049) });
      await flushPromises();
      await page.get('form').trigger('submit');
      expect(words(page, 'Server')).toBe('Use at most 2048 characters.');
      expect(page.get('[role="status"]').text()).toBe('');
      expect(page.find('button.again').exists()).toBe(false);
      page.unmount();
    }
  });

  test('goes along from signing in to registering and back', async () => {
    const { page, mode, value } = showScreen();
    await input(page, 'Server').setValue('https://other.example.org');
    await input(page, 'Username').setValue('nina');
    mode.value = 'register';
    await flushPromises();
    expect([value('Server'), value('Username')]).toEqual(['https://other.example.org', 'nina']);
    await input(page, 'Server').setValue('https://third.example.org');
    mode.value = 'sign-in';
    await flushPromises();
    expect([value('Server'), value('Username')]).toEqual(['https://third.example.org', 'nina']);
  });

  test('is looked at after a pause; an answer to an earlier address is dropped', async () => {
    const answers = new Map([
      ['https://relay.example.org', deferred<Result<ServerView>>()],
      ['https://other.example.org', deferred<Result<ServerView>>()],
    ]);
    const probe = vi.fn(
      (asked: { server: string }) => (answers.get(asked.server) ?? deferred<Result<ServerView>>()).promise,
    );
    installBridge({ accounts: { probe } });
    const page = show(SignInForm);
    expect(probe).toHaveBeenCalledTimes(1);
    await input(page, 'Server').setValue('https://other.example.o');
    await vi.advanceTimersByTimeAsync(200);
    await input(page, 'Server').setValue('https://other.example.org');
    await vi.advanceTimersByTimeAsync(499);
    expect(probe).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(probe.mock.calls.map(([asked]) => asked.server)).toEqual([
      'https://relay.example.org',
      'https://other.example.org',
    ]);
    answers.get('https://other.example.org')?.resolve(fail('not_a_relay', 'x'));
    answers.get('https://relay.example.org')?.resolve(ok(server));
    await flushPromises();
    expect(page.get('[role="status"]').text()).toContain('isn’t a Relay server');
  });
});

describe('registering', () => {
  async function fill(page: VueWrapper): Promise<void> {
    const values = { 'First name': 'Nina', 'Last name': 'Porter', Username: 'nina', Age: '30', Password: 'secret1' };
    for (const [label, value] of Object.entries(values)) await input(page, label).setValue(value);
  }

  test.each([
    ['Username', 'ab', 'Use at least 3 characters.'],
    ['Username', 'no spaces', 'This can’t contain spaces.'],
    ['Username', 'x'.repeat(21), 'Use at most 20 characters.'],
    ['First name', '\u200B', 'Use at least one visible character.'],
    ['Age', '12', 'Must be at least 13.'],
    ['Age', '121', 'Must be at most 120.'],
    ['Age', 'old', 'Enter a whole number.'],
    ['Password', '12345', 'Use at least 6 characters.'],
  ])('%s "%s": %s', async (label, value, want) => {
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)) } });
    const page = show(RegisterForm);
    await input(page, label).setValue(value);
    expect(words(page, label)).not.toBe(want);
    await input(page, label).trigger('blur');
    expect(words(page, label)).toBe(want);
  });

  test('sends what was typed, the age as a number', async () => {
    const register = vi.fn(() => Promise.resolve(ok({ accountId: ACCOUNT })));
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)), register } });
    const page = show(RegisterForm);
    await fill(page);
    await page.get('form').trigger('submit');
    await flushPromises();
    expect(register).toHaveBeenCalledWith({
      server: typed.server,
      username: 'nina',
      password: 'secret1',
      firstName: 'Nina',
      lastName: 'Porter',
      age: 30,
      bio: '',
    });
  });

  test('a taken name is told at its field and goes away with a change', async () => {
    installBridge({
      accounts: {
        probe: () => Promise.resolve(ok(server)),
        register: () => Promise.resolve(fail('username_taken', 'x')),
      },
    });
    const page = show(RegisterForm);
    await fill(page);
    await page.get('form').trigger('submit');
    await flushPromises();
    expect(words(page, 'Username')).toBe('Already taken. Choose another.');
    expect(document.activeElement).toBe(input(page, 'Username').element);
    await input(page, 'Username').setValue('nina2');
    expect(words(page, 'Username')).not.toContain('taken');
  });

  test('the server’s field problems land at their fields', async () => {
    const refusal = fail('validation', 'x', { fields: { lastName: 'bad_characters' } });
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)), register: () => Promise.resolve(refusal) } });
    const page = show(RegisterForm);
    await fill(page);
    await page.get('form').trigger('submit');
    await flushPromises();
    expect(words(page, 'Last name')).toBe('Some characters aren’t allowed here.');
    expect(page.find('[role="alert"]').exists()).toBe(false);
  });

  test('an emoji counts as one character', async () => {
    installBridge({ accounts: { probe: () => Promise.resolve(ok(server)) } });
    const page = show(RegisterForm);
    await input(page, 'First name').setValue('🦊'.repeat(50));
    await input(page, 'First name').trigger('blur');
    expect(words(page, 'First name')).toBe('');
    expect(page.text()).toContain('50/50');
  });
});
