import './styles/fonts.css';
import './styles/tokens.css';
import './styles/tones.css';
import './styles/base.css';
import './styles/menu.css';
import { createPinia } from 'pinia';
import { createApp, nextTick, watch } from 'vue';
import App from './App.vue';
import { fetchStrings, i18n, setLocale } from './i18n/index.ts';
import { pickLocale } from './i18n/locale.ts';
import { followAccounts, followWantedPlaces } from './navigation.ts';
import { createPageRouter } from './router.ts';
import { useChatListStore } from './stores/account/chat-list.ts';
import { createPushTargets } from './stores/account/targets.ts';
import { useBootStore } from './stores/boot.ts';
import { useCallsStore } from './stores/calls.ts';
import { createDispatcher } from './stores/dispatcher.ts';
import { useEnvironmentStore } from './stores/environment.ts';
import { useLockStore } from './stores/lock.ts';

const app = createApp(App);
app.use(createPinia());
app.use(i18n);
app.config.errorHandler = (error, _instance, info) => {
  console.error(`a part of the page failed (${info})`, error);
};

const boot = useBootStore();
const router = createPageRouter();

async function start() {
  const environment = useEnvironmentStore();
  const calls = useCallsStore();
  const dispatcher = createDispatcher(createPushTargets(), async (snapshot) => {
    environment.load(snapshot);
    for (const { accountId, call } of snapshot.states) calls.restore(accountId, call);
    // Strings first, so that no screen shows bare keys.
    await setLocale(pickLocale(snapshot.settings.language, snapshot.systemLocale), snapshot.systemLocale);
  });

  await boot.run(async () => {
    const result = await dispatcher.start();
    // After crashes the page opens no chat by itself: it may be the one that crashes.
    if (result.ok && !new URLSearchParams(location.search).has('plain'))
      for (const { accountId, lastChatId } of result.value.states) useChatListStore(accountId).lastChatId = lastChatId;
    if (!result.ok) await setLocale(pickLocale('system', navigator.language), navigator.language);
    return result;
  });
}

// The router starts its first navigation on installation, so the accounts must be known by then.
watch(
  () => boot.phase,
  (phase, before) => {
    // Locked: the place in the address waits for the page that main loads when it is open.
    if (useLockStore().locked) return;
    if (phase !== 'ready' || before === 'ready' || app.config.globalProperties.$router) return;
    app.use(router);
    // Until the first navigation only the guard decides, so that a reload keeps its place.
    followAccounts(router);
    void router
      .isReady()
      .then(() => {
        followWantedPlaces(router);
        return nextTick();
      })
      .then(() => boot.tellShown());
  },
  { flush: 'sync' },
);

app.mount('#app');
// In parallel, since otherwise the snapshot would wait for the strings. A failure is ignored here: setLocale loads them
// again and reports it.
void Promise.allSettled([fetchStrings(pickLocale('system', navigator.language))]);
void start();
