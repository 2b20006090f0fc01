/**
 * What a person would see outside the page: notifications, the tray, dialogs, the badge, addresses handed to the system.
 * The stand-in keeps a record of it, and each thing that can be clicked can be clicked here.
 */
import { EventEmitter } from 'node:events';
import type { SystemUiAct, SystemUiItem } from './wire/frames.ts';

/** A thing outside that takes clicks. */
export interface SystemUiThing {
  readonly id: string;
  /** How it looks now; null when it cannot be seen any more. */
  describe(): SystemUiItem | null;
  /** Does what a click on `action` does; false when there is no such action. */
  act(action: string): boolean;
}

/** One line of the record. */
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

  /** A name for a new thing. */
  newId(what: string): string {
    return `${what}-${this.nextId++}`;
  }

  /** Keeps that something happened. */
  note(what: string, detail: unknown): void {
    const record = { at: Date.now(), what, detail };
    this.records.push(record);
    if (this.records.length > MOST_RECORDS) this.records.shift();
    this.emit('record', record);
  }

  /** Something can be seen or looks different now. */
  show(thing: SystemUiThing): void {
    this.things.set(thing.id, thing);
    this.emit('changed');
  }

  /** Something cannot be seen any more. */
  hide(thing: SystemUiThing): void {
    if (this.things.delete(thing.id)) this.emit('changed');
  }

  /** Everything that can be seen now. */
  items(): SystemUiItem[] {
    return [...this.things.values()].flatMap((thing) => thing.describe() ?? []);
  }

  /** A click. False when the thing is gone or has no such action. */
  act({ id, action }: SystemUiAct): boolean {
    return this.things.get(id)?.act(action) ?? false;
  }
}
