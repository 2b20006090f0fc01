import './styles/fonts.css';
import './styles/tokens.css';
import './styles/tones.css';
import './styles/base.css';
import './styles/menu.css';
import { createPinia } from 'pinia';
import { createApp, nextTick, watch } from 'vue';
import App from './App.vue';
import { COMPACT_QUERY } from './features/shell/use-compact.ts';
import { fetchWords, i18n, setLocale } from './i18n/index.ts';
import { pickLocale } from './i18n/locale.ts';
import { createPageRouter } from './router.ts';
import { useBootStore } from './stores/boot.ts';
import { useChatListStore } from './stores/chat-list.ts';
import { useChatsStore } from './stores/chats.ts';
import { useConnectionStore } from './stores/connection.ts';
import { createDispatcher } from './stores/dispatcher.ts';
import { useEnvironmentStore } from './stores/environment.ts';
import { useMessagesStore } from './stores/messages.ts';
import { usePeopleStore } from './stores/people.ts';
import { useSessionStore } from './stores/session.ts';
import { useSettingsStore } from './stores/settings.ts';
import { useTypingStore } from './stores/typing.ts';
import { useUiStore } from './stores/ui.ts';
import { useUnreadStore } from './stores/unread.ts';

const app = createApp(App);
app.use(createPinia());
app.use(i18n);
app.config.errorHandler = (error, _instance, info) => {
  console.error(`a part of the page failed (${info})`, error);
};

const session = useSessionStore();
const boot = useBootStore();
const list = useChatListStore();
// One column shows the list or a chat: there the list is the beginning.
const router = createPageRouter(
  () => session.status,
  () => (window.matchMedia(COMPACT_QUERY).matches ? null : list.lastChatId),
);

async function start() {
  const environment = useEnvironmentStore();
  const dispatcher = createDispatcher(
    [
      useSettingsStore(),
      session,
      useConnectionStore(),
      useUnreadStore(),
      usePeopleStore(),
      useTypingStore(),
      useChatsStore(),
      useMessagesStore(),
      useUiStore(),
    ],
    async (snapshot) => {
      environment.load(snapshot);
      list.lastChatId = snapshot.lastChatId;
      // Words before anything is shown: a screen must not speak in keys.
      await setLocale(pickLocale(snapshot.settings.language, snapshot.systemLocale), snapshot.systemLocale);
    },
  );

  await boot.run(async () => {
    const result = await dispatcher.start();
    if (!result.ok) await setLocale(pickLocale('system', navigator.language), navigator.language);
    return result;
  });
}

// The router makes its first step when it is installed, so the session must be known by then.
watch(
  () => boot.phase,
  (phase, before) => {
    if (phase !== 'ready' || before === 'ready' || app.config.globalProperties.$router) return;
    app.use(router);
    void router
      .isReady()
      .then(() => nextTick())
      .then(() => boot.tellShown());
  },
  { flush: 'sync' },
);
watch(
  () => session.status === 'signed_out',
  (out) => {
    // Before the router's first step the guard alone decides, so that a reload keeps its place.
    if (boot.phase === 'ready') void router.replace(out ? { name: 'sign-in' } : { name: 'chats' });
  },
);

app.mount('#app');
// One after the other, the snapshot and the words would be two waits. Whoever needs the words asks for them again, and
// tells when they cannot be had.
void Promise.allSettled([fetchWords(pickLocale('system', navigator.language))]);
void start();
