/** Runs in the test process before each test file: puts the switch of the mutants up. */
import { afterAll, beforeEach, inject, type TaskMeta, vi } from 'vitest';
import { SWITCH } from './instrument.ts';
import './order.ts';

const order = inject('order');
const asked = new Map<number, number>();
let left = order.mostAsked;

function isOn(id: number): boolean {
  if (order.active === null) asked.set(id, (asked.get(id) ?? 0) + 1);
  if (id !== order.active) return false;
  left -= 1;
  if (left < 0) throw new Error('the mutant does not come to an end');
  return true;
}

Object.defineProperty(globalThis, SWITCH, { value: isOn, configurable: true });
if (order.testTimeoutMs !== null) vi.setConfig({ testTimeout: order.testTimeoutMs, hookTimeout: order.testTimeoutMs });

let meta: TaskMeta = {};
beforeEach(({ task }) => {
  meta = task.file.meta;
});
afterAll(() => {
  meta.asked = [...asked];
});
