/** The page of a call's small window: no router, no stores of chats, no media. A bundle of its own, see scripts/lib/mini-page.ts. */
import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/tones.css';
import '../styles/base.css';
import { createApp, type ShallowRef, shallowRef } from 'vue';
import type { MiniCommand, MiniView } from '#contract/ipc/mini-views.ts';
import { getBridge } from '../bridge.ts';
import { formatLocale, pickLocale } from '../i18n/locale.ts';
import MiniCall from './MiniCall.vue';
import { words } from './words.ts';

const bridge = getBridge();
const view: ShallowRef<MiniView | null> = shallowRef(null);
/** The newest picture of the other side; null: there is none. */
const picture: ShallowRef<Blob | null> = shallowRef(null);
/** The number of the last event that was shown. */
let seen = 0;

function dress({ look }: MiniView): void {
  const { dataset } = document.documentElement;
  if (look.theme === 'system') delete dataset['theme'];
  else dataset['theme'] = look.theme;
  dataset['accent'] = look.accent;
  dataset['textSize'] = look.textSize;
  dataset['contrast'] = look.moreContrast ? 'more' : 'normal';
  const locale = pickLocale(look.language, look.systemLocale);
  words.global.locale.value = locale;
  document.documentElement.lang = formatLocale(locale, look.systemLocale);
}

function show(next: MiniView, seq: number): void {
  if (seq < seen) return;
  seen = seq;
  dress(next);
  view.value = next;
}

bridge.onPush(({ seq, events }) => {
  const last = events.findLast((push) => 'kind' in push && push.kind === 'mini');
  if (last && 'kind' in last && last.kind === 'mini') show(last.mini, seq);
  for (const push of events) {
    if (!('kind' in push) || push.kind !== 'mini:picture') continue;
    picture.value = push.jpeg && new Blob([new Uint8Array(push.jpeg)], { type: 'image/jpeg' });
  }
});

async function tell(asked: Promise<{ ok: boolean }>): Promise<void> {
  const answer = await asked;
  // The call is over, and so is this window in a moment.
  if (!answer.ok) console.warn('the small window asked for a call that is over');
}

createApp(MiniCall, {
  view,
  picture,
  onCommand: (command: MiniCommand) => void tell(bridge.mini.command({ command })),
  onClose: () => void tell(bridge.mini.close({})),
})
  .use(words)
  .mount('#app');

const answer = await bridge.mini.ready({});
if (answer.ok) show(answer.value.view, answer.value.seq);
