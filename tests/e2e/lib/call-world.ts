/** Two people in front of their chat, ready to call each other. */
import { expect, type Page } from '@playwright/test';
import type { TestRelay } from '../../helpers/relay.ts';
import type { App } from '../../helpers/app.ts';
import { type CallWatch, watchCalls } from './call-watch.ts';
import { openChat } from './screen.ts';
import { signIn, type World } from './world.ts';

export interface Two {
  apps: readonly [App, App];
  accountIds: readonly [string, string];
  anna: Page;
  boris: Page;
  hers: CallWatch;
  his: CallWatch;
  chatId: string;
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const region = (page: Page) => page.getByRole('region', { name: 'Call', exact: true });
export const timer = (page: Page) => region(page).getByRole('timer');

/** Two people on a relay, each with an application that somebody looks at. */
export async function twoOn(
  relay: Pick<TestRelay, 'url'>,
  world: World,
  launch: (options: { server: string }) => Promise<App>,
): Promise<Two> {
  const one = await world.person('Anna', 'Reed', {}, relay);
  const other = await world.person('Boris', 'Stone', {}, relay);
  const chatId = await world.chat(one, other);
  const apps = [await launch({ server: relay.url }), await launch({ server: relay.url })] as const;
  const accountIds = [
    await signIn(apps[0].page, relay.url, one),
    await signIn(apps[1].page, relay.url, other),
  ] as const;
  for (const { control } of apps) await control?.call('focus', { windowId: 1, focused: true });
  const [anna, boris] = [apps[0].page, apps[1].page];
  const [hers, his] = [await watchCalls(anna), await watchCalls(boris)];
  await openChat(anna, chatId);
  await openChat(boris, chatId);
  return { apps, accountIds, anna, boris, hers, his, chatId };
}

/** Anna calls, Boris accepts, both are connected. */
export async function connected({ anna, boris }: Pick<Two, 'anna' | 'boris'>): Promise<void> {
  await button(anna, 'Start audio call').click();
  await button(boris, 'Accept').click();
  for (const page of [anna, boris]) await expect(timer(page)).toHaveText(/0:\d\d/);
}
