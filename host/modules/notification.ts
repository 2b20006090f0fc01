/**
 * `Notification`: kept as an item in the system UI that can be clicked, answered and closed.
 *
 * shown: the system shows notifications. unsupported: it has none, and reports so. failing: it accepts them and then
 * emits `failed`.
 */
import { EventEmitter } from 'node:events';
import { guard, guardClass } from '../guard.ts';
import type { SystemUi, SystemUiThing } from '../system-ui.ts';
import type { NotificationMood } from '../runtime.ts';
import type { SystemUiItem } from '../wire/frames.ts';
import { createEvent } from './event.ts';

class HostNotification extends EventEmitter implements SystemUiThing {
  readonly id: string;
  readonly whole: Electron.Notification;
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  hasReply: boolean;
  replyPlaceholder: string;
  actions: Electron.NotificationAction[];
  private readonly outside: SystemUi;
  private readonly mood: NotificationMood;

  constructor(outside: SystemUi, mood: NotificationMood, options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.outside = outside;
    this.mood = mood;
    this.id = outside.newId('notification');
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.hasReply = options.hasReply ?? false;
    this.replyPlaceholder = options.replyPlaceholder ?? '';
    this.actions = options.actions ?? [];
    this.whole = guard<Electron.Notification>('Notification', this);
  }

  show(): void {
    if (this.mood === 'unsupported') return;
    if (this.mood === 'failing') {
      // The system service reports failures asynchronously, with its own message.
      setImmediate(() => this.emit('failed', createEvent({}), 'The notification platform is unavailable.'));
      return;
    }
    this.outside.note('notification', { id: this.id, title: this.title, body: this.body, silent: this.silent });
    this.outside.show(this);
    this.emit('show', createEvent({}));
  }

  close(): void {
    this.outside.hide(this);
    this.emit('close', createEvent({}));
  }

  describe(): SystemUiItem {
    const choices = [
      { action: 'click', label: this.title },
      ...this.actions.map((action, index) => ({ action: `action:${index}`, label: action.text ?? '' })),
      { action: 'close', label: 'Close' },
    ];
    return { id: this.id, what: 'notification', title: this.title, text: this.body, choices };
  }

  act(action: string): boolean {
    if (action === 'click') {
      this.outside.hide(this);
      return this.emit('click', createEvent({}));
    }
    if (action === 'close') {
      this.close();
      return true;
    }
    const index = /^action:(\d+)$/.exec(action)?.[1];
    if (index !== undefined && this.actions[Number(index)]) {
      this.outside.hide(this);
      return this.emit('action', createEvent({ actionIndex: Number(index), selectionIndex: -1 }), Number(index));
    }
    if (this.hasReply && action.startsWith('reply:')) {
      this.outside.hide(this);
      const reply = action.slice('reply:'.length);
      return this.emit('reply', createEvent({ reply }), reply);
    }
    return false;
  }
}

export interface NotificationOptions {
  mood: NotificationMood;
  outside: SystemUi;
  isReady: () => boolean;
}

/** Creates the class. */
export function createNotification({ mood, outside, isReady }: NotificationOptions): typeof Electron.Notification {
  return guardClass<typeof Electron.Notification>(
    'Notification',
    (options) => {
      if (!isReady()) throw new Error('Cannot create Notification before app is ready');
      return new HostNotification(outside, mood, options).whole;
    },
    { isSupported: () => mood !== 'unsupported' },
  );
}
