import { describe, expect, it } from 'vitest';
import { UploadSlots } from '../../../../electron/main/services/files/slots.ts';

describe('the connections for uploads', () => {
  it('are given to whoever waits longest, and each comes back once', () => {
    const slots = new UploadSlots(2);
    const started: string[] = [];
    const releases = new Map<string, () => void>();
    const ask = (name: string) =>
      slots.ask((release) => {
        started.push(name);
        releases.set(name, release);
      });
    ask('a');
    ask('b');
    const leave = ask('c');
    ask('d');
    ask('e');
    expect(started).toEqual(['a', 'b']);
    leave();
    releases.get('a')?.();
    releases.get('a')?.();
    expect(started).toEqual(['a', 'b', 'd']);
    releases.get('b')?.();
    releases.get('d')?.();
    releases.get('e')?.();
    expect(started).toEqual(['a', 'b', 'd', 'e']);
    for (const name of ['f', 'g', 'h']) ask(name);
    expect(started.slice(4)).toEqual(['f', 'g']);
  });

  it('that come back at once do not run dry', () => {
    const slots = new UploadSlots(1);
    let count = 0;
    for (let n = 0; n < 3; n += 1) {
      slots.ask((release) => {
        count += 1;
        release();
      });
    }
    expect(count).toBe(3);
  });
});
