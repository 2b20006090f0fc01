import { describe, expect, it } from 'vitest';
import { TypingReports } from '../../../../electron/main/services/sync/typing-reports.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

function reports() {
  const clock = new ManualClock();
  const sent: string[] = [];
  const is = { wanted: true, connected: true };
  const made = new TypingReports({
    clock,
    isWanted: () => is.wanted,
    send: (frame) => {
      if (frame.type !== 'typing:start' && frame.type !== 'typing:stop') throw new Error(`sent ${frame.type}`);
      if (is.connected) sent.push(`${frame.type} ${frame.data.chatId}`);
      return is.connected;
    },
  });
  return { clock, sent, is, made };
}

describe('telling others that one types', () => {
  it('is said once in three seconds for each chat', () => {
    const { clock, sent, made } = reports();
    made.set('a', true);
    made.set('b', true);
    clock.advance(2_999);
    made.set('a', true);
    expect(sent).toEqual(['typing:start a', 'typing:start b']);
    clock.advance(1);
    made.set('a', true);
    expect(sent).toEqual(['typing:start a', 'typing:start b', 'typing:start a']);
  });

  it('is not said where the person does not want it', () => {
    const { sent, is, made } = reports();
    is.wanted = false;
    made.set('a', true);
    made.set('a', false);
    expect(sent).toEqual([]);
  });

  it('a stop follows a start alone, even when the person has changed their mind meanwhile', () => {
    const { sent, is, made } = reports();
    made.set('a', false);
    made.set('a', true);
    is.wanted = false;
    made.set('a', false);
    made.set('a', false);
    expect(sent).toEqual(['typing:start a', 'typing:stop a']);
  });

  it('a new start after a stop is said at once', () => {
    const { sent, made } = reports();
    made.set('a', true);
    made.set('a', false);
    made.set('a', true);
    expect(sent).toEqual(['typing:start a', 'typing:stop a', 'typing:start a']);
  });

  it('what could not be sent is said with the next key', () => {
    const { sent, is, made } = reports();
    is.connected = false;
    made.set('a', true);
    is.connected = true;
    made.set('a', true);
    expect(sent).toEqual(['typing:start a']);
  });
});
