import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPartyMessage, PARTY_WORDS, partyOrder, votesOf, type Proposal } from '#contract/model/party-queue.ts';

/** "a" proposed by anna at 1; "+bc" are votes of b and c, "-d" one against it. */
function song(fileId: string, at: number, votes = '', more: Partial<Proposal> = {}): Proposal {
  const reactions = [...votes.matchAll(/([+-])(\w+)/g)].flatMap(([, sign, people = '']) =>
    [...people].map((userId) => ({ userId, emoji: sign === '+' ? '🔥' : '👎🏽' })),
  );
  return { messageId: `m-${fileId}-${String(at)}`, fileId, senderId: 'anna', at, n: 0, reactions, ...more };
}
const order = (...songs: Proposal[]): string =>
  partyOrder(songs)
    .map(({ proposal, votes }) => `${proposal.fileId}${String(votes)}`)
    .join(' ');

describe('votes', () => {
  it.each([
    ['nobody', '', 0],
    ['two people', '+bc', 2],
    ['one person twice', '+bb', 1],
    ['one for, one against', '+b-c', 0],
    ['against alone', '-bc', -2],
    ['both by one person', '+b-b', 1],
  ])('of %s', (_name, votes, expected) => {
    expect(votesOf(song('a', 1, votes))).toBe(expected);
  });

  it('of oneself do not count', () => {
    expect(votesOf({ senderId: 'b', reactions: [{ userId: 'b', emoji: '🔥' }] })).toBe(0);
  });
});

describe('the order', () => {
  it('is by votes, then by time', () => {
    expect(order(song('a', 1), song('b', 2, '+xy'), song('c', 3, '+x'), song('d', 4))).toBe('b2 c1 a0 d0');
    expect(order(song('a', 1, '-x'), song('b', 2))).toBe('b0 a-1');
  });

  it('decides between equals the same way everywhere', () => {
    expect(order(song('b', 1, '', { messageId: 'm2' }), song('a', 1, '', { messageId: 'm1' }))).toBe('a0 b0');
    expect(order(song('b', 1, '', { messageId: 'm', n: 1 }), song('a', 1, '', { messageId: 'm', n: 0 }))).toBe('a0 b0');
  });

  it('has a song that was proposed twice once, where it is liked best', () => {
    expect(order(song('a', 1), song('b', 2, '+x'), song('a', 3, '+xy'))).toBe('a2 b1');
  });

  it('does not depend on the order in which messages and reactions are read', () => {
    const proposals = fc.array(
      fc.record({
        messageId: fc.constantFrom('m1', 'm2', 'm3', 'm4'),
        fileId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        senderId: fc.constantFrom('x', 'y'),
        at: fc.integer({ min: 1, max: 3 }),
        n: fc.integer({ min: 0, max: 2 }),
        reactions: fc.array(
          fc.record({ userId: fc.constantFrom('x', 'y', 'z'), emoji: fc.constantFrom('🔥', '👎', '❤️') }),
        ),
      }),
      { maxLength: 8 },
    );
    const keys = (of: readonly Proposal[]): string[] =>
      partyOrder(of).map(({ proposal: { messageId, fileId, n, at }, votes }) =>
        [messageId, fileId, n, at, votes].join(' '),
      );
    fc.assert(
      fc.property(proposals, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (all, chances) => {
        const mixed = all
          .map((one) => ({
            one: { ...one, reactions: one.reactions.toReversed() },
            place: Number(chances.next().value ?? 0),
          }))
          .sort((a, b) => a.place - b.place)
          .map(({ one }) => one);
        expect(keys(mixed)).toEqual(keys(all));
      }),
    );
  });
});

it('is opened by its words alone', () => {
  expect(isPartyMessage(` ${PARTY_WORDS}\n`)).toBe(true);
  expect(isPartyMessage(`${PARTY_WORDS} tonight`)).toBe(false);
});
