/** The contents of the tray's menu. Pure: the same for every system, and made anew at every change. */
import type { MenuItemConstructorOptions } from 'electron';
import type { NowPlaying, PLAYER_COMMANDS } from '#contract/ipc/music-views.ts';
import type { Pause } from '#contract/model/quiet.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import type { TrayState } from '../lib/tray-state.ts';

type Item = MenuItemConstructorOptions;

export type PlayerCommand = (typeof PLAYER_COMMANDS)[number];

/** The current call in the menu. */
export interface TrayCall {
  /** Of the person on the other side. */
  name: string;
  muted: boolean;
}

/** What the items do. */
export interface TrayActions {
  readonly open: () => void;
  readonly openChat: (accountId: string, chatId: string) => void;
  /** Null ends the pause. */
  readonly pause: (pause: Pause | null) => void;
  readonly player: (command: PlayerCommand) => void;
  readonly toggleMicrophone: () => void;
  readonly hangUp: () => void;
}

export interface TrayContents {
  call: TrayCall | null;
  playing: NowPlaying | null;
  /** Null until the services are loaded. */
  state: TrayState | null;
}

/** The longest line, in characters: a menu is as wide as its longest one. */
const LONGEST_LINE = 60;
/** Counts above it are told as "99+". */
const MOST_TOLD = 99;

const LINE: Item = { type: 'separator' };

/** As a menu shows it: on one line, without what reorders it, and an ampersand would underline the next letter. */
function plain(words: string, longest = LONGEST_LINE): string {
  const characters = [...words.replace(/\s+/gu, ' ')];
  const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
  return cut.replaceAll('&', '&&');
}

function callItems(call: TrayCall | null, { call: words }: MainTexts, actions: TrayActions): Item[] {
  if (!call) return [];
  return [
    { label: words.callWith(plain(call.name)), enabled: false },
    { label: call.muted ? words.unmute : words.mute, click: () => actions.toggleMicrophone() },
    { label: words.hangUp, click: () => actions.hangUp() },
    LINE,
  ];
}

function playerItems(now: NowPlaying | null, texts: MainTexts, { player }: TrayActions): Item[] {
  if (!now) return [];
  const { title, artist, playing } = now;
  return [
    { label: plain(artist === null ? title : `${title} – ${artist}`), enabled: false },
    { label: playing ? texts.pause : texts.play, click: () => player('toggle') },
    { label: texts.next, click: () => player('next') },
    { label: texts.previous, click: () => player('previous') },
    LINE,
  ];
}

function chatItems(state: TrayState | null, actions: TrayActions): Item[] {
  if (!state || state.chats.length === 0) return [];
  const items = state.chats.map(({ accountId, chatId, title, unread }): Item => {
    const count = unread > MOST_TOLD ? `${String(MOST_TOLD)}+` : String(unread);
    return { label: `${plain(title, LONGEST_LINE - 6)} (${count})`, click: () => actions.openChat(accountId, chatId) };
  });
  return [...items, LINE];
}

function statusItems(state: TrayState | null, { desktop: words }: MainTexts): Item[] {
  if (!state) return [];
  const names = {
    online: words.online,
    connecting: words.connecting,
    offline: words.offline,
    signed_out: words.signedOut,
  };
  return [{ label: names[state.status], enabled: false }, LINE];
}

function pauseItems(state: TrayState | null, { desktop: words, locale }: MainTexts, { pause }: TrayActions): Item[] {
  if (!state) return [];
  const { pausedUntil } = state;
  const ends: Item[] = pausedUntil === null ? [] : [LINE, { label: words.endPause, click: () => pause(null) }];
  // Made only where it is shown: the first format of a process loads the locale's data, 50 ms of its start.
  const time = (at: number): string =>
    new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
  return [
    {
      label: pausedUntil === null ? words.pause : words.pausedUntil(time(pausedUntil)),
      submenu: [
        { label: words.half, click: () => pause('half') },
        { label: words.hour, click: () => pause('hour') },
        { label: words.tomorrow, click: () => pause('tomorrow') },
        ...ends,
      ],
    },
  ];
}

/** The whole menu: the call and the player first, then what is unread. */
export function trayMenu(
  { call, playing, state }: TrayContents,
  texts: MainTexts,
  actions: TrayActions,
  quit: () => void,
): Item[] {
  return [
    ...statusItems(state, texts),
    ...callItems(call, texts, actions),
    ...playerItems(playing, texts, actions),
    ...chatItems(state, actions),
    { label: texts.open, click: () => actions.open() },
    ...pauseItems(state, texts, actions),
    LINE,
    { label: texts.menu.quit, click: quit },
  ];
}
