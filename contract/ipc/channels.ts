/**
 * The one map of channels between page and main. The types come from schemas.ts (type-only: the preload is small and
 * bundles no schema library); the list of names is a value, and the type check keeps the two in step.
 */
import type { z } from 'zod';
import type { Result } from '../model/errors.ts';
import type { PushBatch } from './push.ts';
import type { CHANNEL_SCHEMAS } from './schemas.ts';

/** Every command of the page, as `domain.method`. */
export const CHANNEL_NAMES = [
  'app.ready',
  'app.shown',
  'app.openExternal',
  'app.copyText',
  'app.tryNow',
  'accounts.probe',
  'accounts.register',
  'accounts.login',
  'accounts.logout',
  'accounts.show',
  'accounts.keepWeakly',
  'settings.update',
  'users.search',
  'users.get',
  'users.updateMe',
  'chats.rest',
  'chats.create',
  'chats.saveDraft',
  'chats.organise',
  'chats.opened',
  'chats.markRead',
  'chats.setTyping',
  'messages.page',
  'messages.fill',
  'messages.send',
  'messages.cancel',
  'messages.edit',
  'messages.resend',
  'messages.discard',
  'messages.forward',
  'messages.react',
  'messages.unreact',
  'messages.details',
  'messages.emojis',
  'search.messages',
  'search.further',
  'search.shared',
  'files.stage',
  'files.stageBytes',
  'files.uploads',
  'files.arrange',
  'files.pause',
  'files.resume',
  'files.retry',
  'files.remove',
  'files.reduce',
  'files.keepTags',
  'files.save',
  'files.cancelSave',
  'files.downloads',
  'files.showInFolder',
  'files.copyImage',
  'files.shared',
  'files.links',
  'music.tracks',
  'music.ids',
  'music.byIds',
  'music.albums',
  'music.artists',
  'music.refresh',
  'music.add',
  'music.edit',
  'music.restore',
  'music.remove',
  'music.played',
  'music.peaks',
  'music.keepPeaks',
  'music.story',
  'music.share',
  'music.party',
  'music.playlists',
  'music.savePlaylist',
  'music.deletePlaylist',
  'player.recall',
  'player.keep',
  'player.keepPlace',
  'player.tell',
  'player.prefetch',
  'storage.read',
  'storage.clear',
  'storage.setLimit',
  'calls.start',
  'calls.accept',
  'calls.decline',
  'calls.end',
  'calls.signal',
  'calls.iceServers',
  'calls.media',
  'calls.history',
  'calls.lobby',
  'calls.screens',
  'calls.chooseScreen',
  'admin.session',
  'admin.login',
  'admin.logout',
  'admin.statistics',
  'admin.users',
  'admin.messages',
  'admin.reactions',
  'admin.looks',
  'admin.export',
  'desktop.facts',
  'desktop.setAutostart',
  'desktop.pause',
  'desktop.tryNotification',
  'desktop.diagnose',
  'desktop.showLog',
  'desktop.showMenu',
  'exports.start',
  'exports.cancel',
  'exports.list',
  'exports.show',
  'later.list',
  'later.add',
  'later.change',
  'later.sendNow',
  'later.remove',
  'lock.set',
  'lock.off',
  'lock.setIdle',
  'lock.now',
  'lock.unlock',
  'lock.forgot',
  'accounts.logoutAll',
  'accounts.arrange',
  'notes.list',
  'notes.add',
  'notes.change',
  'notes.remove',
  'mini.open',
  'mini.picture',
  'mini.ready',
  'mini.command',
  'mini.close',
  'updates.read',
  'updates.check',
  'updates.restart',
] as const satisfies readonly (keyof typeof CHANNEL_SCHEMAS)[];

/** The preload calls these itself: the page has no function for them. */
export const PRELOAD_CHANNELS = ['files.stage'] as const satisfies readonly (typeof CHANNEL_NAMES)[number][];

/** The single channel from main to the page. */
export const PUSH_CHANNEL = 'push';

/** The bridge's name on `window`. */
export const BRIDGE_NAME = 'relay';

export type ChannelName = keyof typeof CHANNEL_SCHEMAS;
export type ChannelInput<N extends ChannelName> = z.output<(typeof CHANNEL_SCHEMAS)[N]['input']>;
export type ChannelOutput<N extends ChannelName> = z.output<(typeof CHANNEL_SCHEMAS)[N]['output']>;

/** Channels of an account's domain that concern the whole application all the same. */
export const APP_WIDE_CHANNELS = [
  'calls.lobby',
  'calls.screens',
  'calls.chooseScreen',
] as const satisfies readonly ChannelName[];
type AppWideChannel = (typeof APP_WIDE_CHANNELS)[number];

/** Channels that concern one account: their argument names it. */
export type AccountDomain =
  'users' | 'chats' | 'messages' | 'search' | 'files' | 'music' | 'calls' | 'exports' | 'later' | 'notes';
export type AccountChannel = Exclude<Extract<ChannelName, `${AccountDomain}.${string}`>, AppWideChannel>;

/** A channel missing from the list of names fails the type check here. */
type Unlisted = Exclude<ChannelName, (typeof CHANNEL_NAMES)[number]>;
const everyChannelIsListed: [Unlisted] extends [never] ? true : Unlisted = true;
void everyChannelIsListed;

type Domain<N extends string> = N extends `${infer D}.${string}` ? D : never;
type Method<N extends string, D extends string> = N extends `${D}.${infer M}` ? M : never;

type PageChannel = Exclude<ChannelName, (typeof PRELOAD_CHANNELS)[number]>;

/** A file that the user gave to the page: a `File` of the platform. */
export interface GivenFile {
  readonly name: string;
  readonly size: number;
}

/** What the preload exposes on `window`: one function per channel, grouped by domain, the push subscription, and files. */
export type Bridge = {
  readonly [D in Domain<PageChannel>]: {
    readonly [M in Method<PageChannel, D>]: (
      input: ChannelInput<Extract<`${D}.${M}`, ChannelName>>,
    ) => Promise<Result<ChannelOutput<Extract<`${D}.${M}`, ChannelName>>>>;
  };
} & {
  /** Receives every push batch; returns the disposer. */
  readonly onPush: (listener: (batch: PushBatch) => void) => () => void;
  /**
   * Stages files that the user dropped or chose. The preload asks the system for their paths, which the page never sees;
   * files that have none are refused with `no_path` and can be sent by `files.stageBytes`.
   */
  readonly stageFiles: (
    input: { accountId: string; chatId: string },
    files: readonly GivenFile[],
  ) => Promise<Result<ChannelOutput<'files.stage'>>>;
};
