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

/** The longest id that Windows takes, in characters. */
const LONGEST_TAG = 64;

/** Notifications in the notification center, by the application's own id: a later one replaces it. */
type Center = Map<string, HostNotification>;

class HostNotification extends EventEmitter implements SystemUiThing {
  /** The application's id, or one of ours; also the item's. */
  readonly id: string;
  readonly groupId: string;
  readonly whole: Electron.Notification;
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  sound: string;
  hasReply: boolean;
  replyPlaceholder: string;
  actions: Electron.NotificationAction[];
  icon: Electron.NativeImage | string | undefined;
  private readonly outside: SystemUi;
  private readonly mood: NotificationMood;

  private readonly center: Center;

  constructor(
    outside: SystemUi,
    mood: NotificationMood,
    center: Center,
    options: Electron.NotificationConstructorOptions = {},
  ) {
    super();
    this.center = center;
    this.outside = outside;
    this.mood = mood;
    this.id = options.id || outside.newId('notification');
    this.groupId = options.groupId ?? '';
    if (this.id.length > LONGEST_TAG || this.groupId.length > LONGEST_TAG) throw new Error('the id is too long');
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.sound = options.sound ?? '';
    this.hasReply = options.hasReply ?? false;
    this.replyPlaceholder = options.replyPlaceholder ?? '';
    this.actions = options.actions ?? [];
    this.icon = options.icon;
    this.whole = guard<Electron.Notification>('Notification', this);
  }

  show(): void {
    if (this.mood === 'unsupported') return;
    if (this.mood === 'failing') {
      // The system service reports failures asynchronously, with its own message.
      setImmediate(() => this.emit('failed', createEvent({}), 'The notification platform is unavailable.'));
      return;
    }
    const { id, title, body, silent, sound } = this;
    this.outside.note('notification', { id, title, body, silent, sound });
    // As the systems do: the one before it is gone, and its object is told nothing.
    this.center.set(id, this);
    this.outside.show(this);
    this.emit('show', createEvent({}));
  }

  close(): void {
    this.gone();
    this.emit('close', createEvent({}));
  }

  /** Only what is shown can be taken away: not a later one of the same id. */
  private gone(): void {
    if (this.center.get(this.id) !== this) return;
    this.center.delete(this.id);
    this.outside.hide(this);
  }

  describe(): SystemUiItem {
    const choices = [
      { action: 'click', label: this.title },
      ...this.actions.map((action, index) => ({ action: `action:${index}`, label: action.text ?? '' })),
      ...(this.hasReply ? [{ action: 'reply:', label: this.replyPlaceholder }] : []),
      { action: 'close', label: 'Close' },
    ];
    const { icon } = this;
    const picture = icon === undefined ? {} : { picture: typeof icon === 'string' ? icon : icon.toDataURL() };
    return { id: this.id, what: 'notification', title: this.title, text: this.body, choices, ...picture };
  }

  act(action: string): boolean {
    if (action === 'click') {
      this.gone();
      return this.emit('click', createEvent({}));
    }
    if (action === 'close') {
      this.close();
      return true;
    }
    const index = /^action:(\d+)$/.exec(action)?.[1];
    if (index !== undefined && this.actions[Number(index)]) {
      this.gone();
      return this.emit('action', createEvent({ actionIndex: Number(index), selectionIndex: -1 }), Number(index));
    }
    if (this.hasReply && action.startsWith('reply:')) {
      this.gone();
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
  const center: Center = new Map();
  return guardClass<typeof Electron.Notification>(
    'Notification',
    (options) => {
      if (!isReady()) throw new Error('Cannot create Notification before app is ready');
      return new HostNotification(outside, mood, center, options).whole;
    },
    { isSupported: () => mood !== 'unsupported' },
  );
}
