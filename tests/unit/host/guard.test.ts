import { describe, expect, it } from 'vitest';
import { guard, guardClass, unimplemented } from '../../../host/guard.ts';

interface Whole {
  have(): string;
  value: number;
  lack(): void;
  dock?: { bounce(): void };
}

describe('a part that stands for the whole', () => {
  const whole = guard<Whole>('thing', { have: () => 'yes', value: 1 }, ['dock']);

  it('gives what it has', () => {
    expect(whole.have()).toBe('yes');
    whole.value = 2;
    expect(whole.value).toBe(2);
  });

  it('throws with the name of what it has not', () => {
    expect(() => whole.lack()).toThrow('does not have thing.lack');
    expect(() => Object.assign(whole, { other: 1 })).toThrow('does not have thing.other');
  });

  it('leaves undefined what the whole has on some platforms only', () => {
    expect(whole.dock?.bounce()).toBeUndefined();
  });

  it('can be awaited and printed', async () => {
    expect(await Promise.resolve(whole)).toBe(whole);
    expect(JSON.stringify(whole)).toBe('{"value":2}');
  });
});

describe('classes', () => {
  abstract class Shape {
    static count(): number {
      return 0;
    }
    static lost(): void {
      return undefined;
    }
    size = 0;
  }
  class Square extends Shape {
    constructor(size: number) {
      super();
      this.size = size;
    }
  }
  const Guarded = guardClass<typeof Square>('Square', (size) => new Square(size), { count: () => 7 });

  it('makes instances and gives the statics it has', () => {
    expect(new Guarded(3).size).toBe(3);
    expect(Guarded.count()).toBe(7);
    expect(() => Guarded.lost()).toThrow('does not have Square.lost');
  });

  it('throws at every touch of a module that is not there', () => {
    const missing = unimplemented('autoUpdater') as { check(): void } & (new () => object);
    expect(() => missing.check()).toThrow('does not have autoUpdater.check');
    expect(() => new missing()).toThrow('does not have autoUpdater');
  });
});
