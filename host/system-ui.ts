/**
 * Everything visible outside the page: notifications, the tray, dialogs, the badge, URLs handed to the system. The
 * stand-in records it, and whatever can be clicked can be clicked here.
 */
import { EventEmitter } from 'node:events';
import type { SystemUiAct, SystemUiItem } from './wire/frames.ts';

/** An item outside the page that can be clicked. */
export interface SystemUiThing {
  readonly id: string;
  /** Its current appearance; null when it is no longer visible. */
  describe(): SystemUiItem | null;
  /** Performs `action`, as a click would; false when there is no such action. */
  act(action: string): boolean;
}

/** One entry of the record. */
export interface SystemUiRecord {
  at: number;
  what: string;
  detail: unknown;
}

interface SystemUiEvents {
  record: [SystemUiRecord];
  changed: [];
}

const MOST_RECORDS = 10_000;

export class SystemUi extends EventEmitter<SystemUiEvents> {
  readonly records: SystemUiRecord[] = [];
  private readonly things = new Map<string, SystemUiThing>();
  private nextId = 1;

  /** An id for a new item. */
  newId(what: string): string {
    return `${what}-${this.nextId++}`;
  }

  /** Records an event. */
  note(what: string, detail: unknown): void {
    const record = { at: Date.now(), what, detail };
    this.records.push(record);
    if (this.records.length > MOST_RECORDS) this.records.shift();
    this.emit('record', record);
  }

  /** An item has become visible or has changed. */
  show(thing: SystemUiThing): void {
    this.things.set(thing.id, thing);
    this.emit('changed');
  }

  /** An item is no longer visible. */
  hide(thing: SystemUiThing): void {
    if (this.things.delete(thing.id)) this.emit('changed');
  }

  /** All visible items. */
  items(): SystemUiItem[] {
    return [...this.things.values()].flatMap((thing) => thing.describe() ?? []);
  }

  /** Performs a click. False when the item is gone or has no such action. */
  act({ id, action }: SystemUiAct): boolean {
    return this.things.get(id)?.act(action) ?? false;
  }
}
