/** Opening a conversation of 100,000 messages: from the click to its newest text on the screen. */
import { prepareAccount } from '../lib/account.ts';
import type { BenchCase } from '../lib/case.ts';
import { forgetOpenChat } from '../lib/fill-store.ts';
import { APP, clickToPainted, PEER } from '../lib/markup.ts';
import { openPeer } from '../lib/peer.ts';
import type { Figure } from '../lib/report.ts';
import { summarize } from '../lib/stats.ts';
import { LARGE } from './sizes.ts';

export const openCase: BenchCase = {
  name: 'open',
  title: 'open a chat of 100,000 messages',
  async run(context) {
    const sizes = LARGE(context.quick);
    const rounds = context.quick ? 2 : 7;
    const again = 3;
    const account = await prepareAccount(context, sizes);
    const { world } = account;
    const first: number[] = [];
    const second: number[] = [];
    const peerFirst: number[] = [];
    const peerSecond: number[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        forgetOpenChat(account.home);
        const app = await account.open();
        const open = (chat: number): Promise<number> =>
          clickToPainted(app.page, APP.chatRow(world.chatId(chat)), APP.messages, world.lastWords(chat));
        try {
          await app.page.waitForLoadState('networkidle');
          first.push(await open(0));
          for (let n = 1; n <= again; n += 1) {
            await open(n);
            second.push(await open(0));
          }
        } finally {
          await app.close();
        }
        const peer = await openPeer(context, context.browser, sizes);
        const openPeerRoom = (chat: number): Promise<number> =>
          clickToPainted(peer.page, `${PEER.roomRow} >> nth=${chat}`, PEER.messages, world.lastWords(chat));
        try {
          peerFirst.push(await openPeerRoom(0));
          for (let n = 1; n <= again; n += 1) {
            await openPeerRoom(n);
            peerSecond.push(await openPeerRoom(0));
          }
        } finally {
          await peer.close();
        }
      }
    } finally {
      await account.server.close();
    }
    const size = sizes[0] ?? 0;
    const figure = (name: string, what: string, times: readonly number[], atMost?: number): Figure => {
      const summary = summarize(times);
      return { name, what, value: summary.p95, unit: 'ms', budget: atMost === undefined ? null : { atMost }, summary };
    };
    return {
      method:
        `A real click on the chat's row, stamped when the browser received it, until the frame that holds the newest message's ` +
        `text had been painted by the page. First: the first chat opened after a start (${rounds} starts); again: after another ` +
        `chat was open (${again} times each). Values are p95. The component has its ${size} messages in the page's own memory ` +
        `and is given 80 of them, as its documentation asks; ours come from the store over the bridge.`,
      figures: [
        figure('open.first', `first open, ${size} messages, p95`, first, 150),
        figure('open.again', `opened again, p95`, second, 150),
        figure('open.peer.first', 'the component: first open, p95', peerFirst),
        figure('open.peer.again', 'the component: opened again, p95', peerSecond),
      ],
      refused: [],
    };
  },
};
