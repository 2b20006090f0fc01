// @vitest-environment happy-dom
/**
 * One truth about what is unread: tray, tooltip, badge, overlay, title, list and the tray's menu say the same after any
 * order of events. Real stores, the real chain to the signs on all three systems, and the page's own stores.
 */
import { EventEmitter } from 'node:events';
import { mount } from '@vue/test-utils';
import type { BrowserWindow, Screen } from 'electron';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defineComponent, nextTick } from 'vue';
import { coalesce } from '#contract/ipc/coalesce.ts';
import type { AccountEvent, PushEvent } from '#contract/ipc/push.ts';
import { encodePng } from '../../../../electron/main/lib/drawing/png.ts';
import type { Raster } from '../../../../electron/main/lib/drawing/raster.ts';
import { drawOverlay, drawTemplate, drawTray, traySign } from '../../../../electron/main/lib/drawing/tray-drawing.ts';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';
import { openUnreadSigns } from '../../../../electron/main/platform/tray.ts';
import { UnreadChats } from '../../../../electron/main/services/desktop/unread-chats.ts';
import * as chats from '../../../../electron/main/services/store/ops/chat-operations.ts';
import type { ChangeSet } from '../../../../electron/main/services/store/protocol.ts';
import { UnreadKeeper } from '../../../../electron/main/services/unread/unread.ts';
import { UnreadSum } from '../../../../electron/main/services/unread/unread-sum.ts';
import { createMenu } from '../../../../host/modules/menu.ts';
import { createNativeImage } from '../../../../host/modules/native-image.ts';
import { createTray } from '../../../../host/modules/tray.ts';
import { SystemUi } from '../../../../host/system-ui.ts';
import { useAppearance } from '../../../../renderer/src/features/app/use-appearance.ts';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useChatsStore } from '../../../../renderer/src/stores/account/chats.ts';
import { useUnreadStore } from '../../../../renderer/src/stores/account/unread.ts';
import { useBootStore } from '../../../../renderer/src/stores/boot.ts';
import { useUnreadSumStore } from '../../../../renderer/src/stores/unread-sum.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { randomSource } from '../../../helpers/random-source.ts';
import { arrive, knowChat, ME, message, NOW, openStore, type OpenStore } from '../store/open-store.ts';

const ROUNDS = 15;
const STEPS = 200;
const CHATS = ['c1', 'c2', 'c3', 'c4'];
const PLATFORMS = ['linux', 'darwin', 'win32'] as const;

const open: OpenStore[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});
beforeEach(async () => {
  setActivePinia(createPinia());
  await setLocale('en', 'en-US');
});

const dataUrl = (raster: Raster): string => `data:image/png;base64,${encodePng(raster).toString('base64')}`;
const DOT = traySign(0, true);
const DOTS = new Set([...[16, 48].map((size) => drawTray(size, DOT)), drawTemplate(16, DOT)].map(dataUrl));
/** Which count a picture shows: more are drawn than a run reaches. */
const DRAWN = new Map<string, number>([['', 0], ...[...DOTS].map((url) => [url, 0] as const)]);
for (let count = 0; count <= 99; count += 1) {
  for (const size of [16, 48]) DRAWN.set(dataUrl(drawTray(size, traySign(count, false))), count);
  if (count > 0) DRAWN.set(dataUrl(drawOverlay(16, String(count))), count);
}
/** NaN, equal to nothing, for a picture that was never drawn. */
const told = (picture: string): number => DRAWN.get(picture) ?? NaN;

/** The signs of one system, and the number that each of them shows. */
function signsOn(platform: (typeof PLATFORMS)[number]) {
  const outside = new SystemUi();
  let badge = 0;
  let overlay = '';
  let overlayPicture = '';
  const window = {
    isDestroyed: () => false,
    setOverlayIcon(image: Electron.NativeImage | null, words: string) {
      overlay = image === null ? '' : words;
      overlayPicture = image?.toDataURL() ?? '';
    },
  } as unknown as BrowserWindow;
  const nothing = (): void => undefined;
  const signs = openUnreadSigns(
    {
      app: { getName: () => 'Relay', quit: nothing, setBadgeCount: (count = 0) => ((badge = count), true) },
      Menu: createMenu(),
      Tray: createTray({ mood: 'shown', outside, isReady: () => true }),
      nativeImage: createNativeImage(),
      platform,
      screen: Object.assign(new EventEmitter(), {
        getPrimaryDisplay: () => ({ scaleFactor: 1 }),
      }) as unknown as Screen,
      logger: recordingLogger(),
    },
    mainTexts('en'),
    { open: nothing, openChat: nothing, pause: nothing, player: nothing, toggleMicrophone: nothing, hangUp: nothing },
  );
  const numberIn = (text: string): number => Number(/\d+/.exec(text)?.[0] ?? 0);
  return {
    show: (messages: number) => signs.show(messages, window),
    menu: (state: Parameters<typeof signs.state>[0]) => signs.state(state),
    numbers(): Record<string, number> {
      const item = outside.items()[0];
      const inMenu = (item?.choices ?? []).flatMap(({ label }) => /\((\d+)\)$/.exec(label)?.[1] ?? []);
      return {
        tooltip: numberIn(item?.text ?? ''),
        menu: inMenu.map(Number).reduce((sum, one) => sum + one, 0),
        ...(platform === 'darwin' ? { title: Number(item?.title) } : { picture: told(item?.picture ?? '') }),
        ...(platform === 'win32' ? { overlay: numberIn(overlay), 'overlay picture': told(overlayPicture) } : { badge }),
      };
    },
    /** The tray has the dot of muted chats. */
    hasDot: () => DOTS.has(outside.items()[0]?.picture ?? ''),
  };
}

/** Two accounts, each with its store, joined as the application joins them. */
function world(random: ReturnType<typeof randomSource>) {
  const clock = new ManualClock(NOW);
  const logger = recordingLogger();
  const systems = PLATFORMS.map(signsOn);
  const names = new UnreadChats();
  const page: PushEvent[] = [];
  const sum = new UnreadSum((unread) => {
    for (const system of systems) system.show(unread.messages);
    page.push({ kind: 'unread', unread });
  });
  const stores = useUnreadSumStore();
  const boot = useBootStore();
  boot.phase = 'ready';
  const title = mount(defineComponent({ setup: () => (useAppearance(), () => null) }), { global: { plugins: [i18n] } });

  const accounts = ['a', 'b'].map((accountId) => {
    const store = openStore();
    open.push(store);
    const { context } = store;
    const push = {
      emit(event: AccountEvent): void {
        names.heard(accountId, event);
        if (event.kind === 'unread') sum.set(accountId, event.unread);
        page.push({ accountId, event });
      },
    };
    const publish = (changes: ChangeSet | null): void => {
      if (!changes) return;
      if (changes.chats.length > 0) push.emit({ kind: 'chats', upserts: changes.chats, removed: [] });
      if (changes.unread) unread.offer(changes.unread);
    };
    const unread = new UnreadKeeper({
      store: { muteEnds: async (input) => chats.muteEnds(context, input) },
      ...{ clock, logger, push, publish },
    });
    const reset = (): void => {
      const { chats: all, more, unread: counted } = chats.snapshot(context, { now: clock.now(), limit: 100 });
      push.emit({ kind: 'chats:reset', chats: all, more });
      unread.offer(counted);
    };
    for (const id of CHATS) publish(knowChat(context, { id }).changes);
    reset();
    return { accountId, context, publish, unread, reset };
  });

  const newest = new Map<string, number>();
  let made = 0;

  /** One thing that happens somewhere. */
  async function step(): Promise<void> {
    const account = random.pick(accounts);
    const { accountId, context, publish, unread, reset } = account;
    const chatId = random.pick(CHATS);
    const now = clock.now();
    const organise = (change: Partial<Parameters<typeof chats.organise>[1]>): void =>
      publish(chats.organise(context, { chatId, ...change, now }));
    switch (random.below(13)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        made += 1;
        newest.set(`${accountId} ${chatId}`, made);
        publish(arrive(context, message(made, { chatId })).changes);
        return;
      }
      case 4: {
        // From another device of the same person.
        made += 1;
        publish(arrive(context, message(made, { chatId, senderId: ME })).changes);
        return;
      }
      case 5:
      case 6: {
        // Up to some message that was received, not always the newest.
        const upTo = newest.get(`${accountId} ${chatId}`) ?? 0;
        const id = message(Math.max(1, upTo - random.below(3))).id;
        publish(chats.markRead(context, { chatId, messageId: id, now }));
        return;
      }
      case 7:
        organise({ muted: random.pick([null, { until: null }, { until: now + 60_000 }]) });
        return unread.start();
      case 8:
        organise({ archived: random.below(2) === 0 });
        return;
      case 9:
        organise({ markedUnread: random.below(2) === 0 });
        return;
      case 10:
        clock.advance(random.below(90_000));
        for (const one of accounts) await one.unread.start();
        return;
      case 11:
        // All of them: then only the dot is left.
        for (const one of accounts) {
          for (const id of CHATS) one.publish(chats.organise(one.context, { chatId: id, muted: { until: null }, now }));
        }
        return;
      default:
        // Everything was fetched again.
        reset();
    }
  }

  /** The page takes what has come so far, as one batch. */
  function deliver(): void {
    for (const push of coalesce(page.splice(0))) {
      if ('accountId' in push) {
        useChatsStore(push.accountId).apply(push.event);
        useUnreadStore(push.accountId).apply(push.event);
      } else stores.apply(push);
    }
  }

  async function everywhere(): Promise<Record<string, number>> {
    for (const system of systems) {
      system.menu({
        status: 'online',
        chats: names.list(clock.now()),
        mutedUnread: names.hasMuted(clock.now()),
        pausedUntil: null,
      });
    }
    deliver();
    await nextTick();
    const lists = accounts.flatMap(({ accountId }) => useChatsStore(accountId).list);
    const add = (counts: number[]): number => counts.reduce((all, one) => all + one, 0);
    const said: Record<string, number> = {
      list: add(lists.filter(({ muted }) => muted === null).map(({ unread }) => unread)),
      accounts: add(accounts.map(({ accountId }) => useUnreadStore(accountId).unread.messages)),
      page: stores.unread.messages,
      window: Number(/^\((\d+)\)/.exec(document.title)?.[1] ?? 0),
    };
    for (const [index, system] of systems.entries()) {
      for (const [sign, count] of Object.entries(system.numbers())) said[`${PLATFORMS[index] ?? ''} ${sign}`] = count;
    }
    return said;
  }

  /** What the stores themselves hold. */
  function truth(): number {
    const all = accounts.flatMap(({ context }) =>
      CHATS.map((chatId) => chats.chat(context, { chatId, now: clock.now() })),
    );
    return all.reduce((total, chat) => total + (chat && chat.muted === null ? chat.unread : 0), 0);
  }

  /** A muted chat has something unread. */
  function mutedTruth(): boolean {
    return accounts.some(({ context }) =>
      CHATS.some((chatId) => {
        const chat = chats.chat(context, { chatId, now: clock.now() });
        return chat !== null && chat.muted !== null && chat.unread > 0;
      }),
    );
  }

  const dots = (): boolean[] => systems.map((system) => system.hasDot());
  return { step, deliver, everywhere, truth, mutedTruth, dots, end: () => title.unmount() };
}

it(`is the same everywhere after each of ${String(ROUNDS * STEPS)} random events`, { timeout: 120_000 }, async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_007);
  let highest = 0;
  let dotted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    setActivePinia(createPinia());
    const random = randomSource(seed + round);
    const { step, deliver, everywhere, truth, mutedTruth, dots, end } = world(random);
    for (let count = 0; count < STEPS; count += 1) {
      await step();
      // The page is told in batches of any size.
      if (random.below(3) === 0) deliver();
      const expected = truth();
      highest = Math.max(highest, expected);
      const said = await everywhere();
      const wrong = Object.entries(said).filter(([, number]) => number !== expected);
      expect(wrong, `seed ${String(seed)}, round ${String(round)}, step ${String(count)}: ${String(expected)}`).toEqual(
        [],
      );
      const dot = expected === 0 && mutedTruth();
      dotted += Number(dot);
      expect(dots(), `seed ${String(seed)}, round ${String(round)}, step ${String(count)}`).toEqual([dot, dot, dot]);
    }
    end();
    for (const store of open.splice(0)) store.close();
  }
  // It has seen counts, and not only zeros.
  expect(highest).toBeGreaterThan(5);
  expect(dotted).toBeGreaterThan(0);
});
