import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UnreadView } from '../../../../contract/ipc/views.ts';
import { UnreadSum } from '../../../../electron/main/services/unread/unread-sum.ts';

it('is the sum over the open accounts after every change, and is told only when it looks different', () => {
  const account = fc.constantFrom('a', 'b', 'c');
  const change = fc.record({
    account,
    unread: fc.option(fc.record({ messages: fc.nat(3), chats: fc.nat(2) }), { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const told: UnreadView[] = [{ messages: 0, chats: 0 }];
      const sum = new UnreadSum((view) => told.push(view));
      const open = new Map<string, UnreadView>();
      for (const { account: id, unread } of changes) {
        if (unread) {
          open.set(id, unread);
          sum.set(id, unread);
        } else {
          open.delete(id);
          sum.delete(id);
        }
        const messages = [...open.values()].reduce((all, one) => all + one.messages, 0);
        const chats = [...open.values()].reduce((all, one) => all + one.chats, 0);
        expect(told.at(-1)).toEqual({ messages, chats });
      }
      for (const [n, view] of told.entries()) if (n > 0) expect(view).not.toEqual(told[n - 1]);
    }),
  );
});
