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
] as const satisfies readonly (keyof typeof CHANNEL_SCHEMAS)[];

/** The single channel from main to the page. */
export const PUSH_CHANNEL = 'push';

/** The bridge's name on `window`. */
export const BRIDGE_NAME = 'relay';

export type ChannelName = keyof typeof CHANNEL_SCHEMAS;
export type ChannelInput<N extends ChannelName> = z.output<(typeof CHANNEL_SCHEMAS)[N]['input']>;
export type ChannelOutput<N extends ChannelName> = z.output<(typeof CHANNEL_SCHEMAS)[N]['output']>;

/** Channels that concern one account: their argument names it. */
export type AccountDomain = 'users' | 'chats' | 'messages' | 'search';
export type AccountChannel = Extract<ChannelName, `${AccountDomain}.${string}`>;

/** A channel missing from the list of names fails the type check here. */
type Unlisted = Exclude<ChannelName, (typeof CHANNEL_NAMES)[number]>;
const everyChannelIsListed: [Unlisted] extends [never] ? true : Unlisted = true;
void everyChannelIsListed;

type Domain<N extends string> = N extends `${infer D}.${string}` ? D : never;
type Method<N extends string, D extends string> = N extends `${D}.${infer M}` ? M : never;

/** What the preload exposes on `window`: one function per channel, grouped by domain, and the push subscription. */
export type Bridge = {
  readonly [D in Domain<ChannelName>]: {
    readonly [M in Method<ChannelName, D>]: (
      input: ChannelInput<Extract<`${D}.${M}`, ChannelName>>,
    ) => Promise<Result<ChannelOutput<Extract<`${D}.${M}`, ChannelName>>>>;
  };
} & {
  /** Receives every push batch; returns the disposer. */
  readonly onPush: (listener: (batch: PushBatch) => void) => () => void;
};
