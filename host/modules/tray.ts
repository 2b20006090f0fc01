/**
 * `Tray`: kept as an item in the system UI that can be clicked, including its menu items. Without an image it exists
 * but is invisible; once destroyed it throws on any access.
 *
 * shown: the system has a tray. absent: it has none and no error is raised, as on a bare Linux desktop. refused: the
 * constructor throws.
 */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { guard, guardClass } from '../guard.ts';
import type { SystemUi, SystemUiThing } from '../system-ui.ts';
import type { TrayMood } from '../runtime.ts';
import type { SystemUiItem } from '../wire/frames.ts';
import { createEvent } from './event.ts';
import { menuPart } from './menu.ts';

class HostTray extends EventEmitter implements SystemUiThing {
  readonly id: string;
  readonly whole: Electron.Tray;
  private readonly outside: SystemUi;
  private readonly mood: TrayMood;
  private visible: boolean;
  private picture: string;
  private toolTip = '';
  private title = '';
  private menu: Electron.Menu | null = null;
  private destroyed = false;

  constructor(outside: SystemUi, mood: TrayMood, image: Electron.NativeImage | string) {
    super();
    this.visible = hasPicture(image);
    this.picture = pictureOf(image);
    this.outside = outside;
    this.mood = mood;
    this.id = outside.newId('tray');
    this.whole = guard<Electron.Tray>('Tray', this);
    outside.show(this);
  }

  setImage(image: Electron.NativeImage | string): void {
    this.touch();
    this.visible = hasPicture(image);
    this.picture = pictureOf(image);
    this.outside.note('tray-image', typeof image === 'string' ? image : 'image');
    this.outside.show(this);
  }

  setToolTip(toolTip: string): void {
    this.touch();
    this.toolTip = toolTip;
    this.outside.show(this);
  }

  setTitle(title: string): void {
    this.touch();
    this.title = title;
    this.outside.show(this);
  }

  setContextMenu(menu: Electron.Menu | null): void {
    this.touch();
    this.menu = menu;
    this.outside.show(this);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  destroy(): void {
    this.destroyed = true;
    this.outside.hide(this);
  }

  describe(): SystemUiItem | null {
    if (!this.visible || this.mood === 'absent') return null;
    const items = this.menu ? menuPart(this.menu).all() : [];
    const choices = items.flatMap((item, index) =>
      item.visible && item.click ? [{ action: `item:${index}`, label: item.label }] : [],
    );
    return {
      id: this.id,
      what: 'tray',
      title: this.title,
      text: this.toolTip,
      choices: [{ action: 'click', label: this.toolTip }, ...choices],
      picture: this.picture,
    };
  }

  act(action: string): boolean {
    if (!this.visible || this.mood === 'absent') return false;
    const nowhere = { x: 0, y: 0, width: 0, height: 0 };
    if (action === 'click') return this.emit('click', createEvent({}), nowhere, { x: 0, y: 0 });
    const index = /^item:(\d+)$/.exec(action)?.[1];
    return index !== undefined && this.menu !== null && menuPart(this.menu).choose(Number(index));
  }

  private touch(): void {
    if (this.destroyed) throw new Error('Tray is destroyed');
  }
}

/** A missing file is an error; an empty image counts as no image. */
function hasPicture(image: Electron.NativeImage | string): boolean {
  if (typeof image !== 'string') return !image.isEmpty();
  if (!existsSync(image)) throw new Error(`Failed to load image from path '${image}'`);
  return true;
}

/** What is seen of it: a path stands for itself. */
function pictureOf(image: Electron.NativeImage | string): string {
  return typeof image === 'string' ? image : image.toDataURL();
}

export interface TrayOptions {
  mood: TrayMood;
  outside: SystemUi;
  isReady: () => boolean;
}

/** Creates the class. */
export function createTray({ mood, outside, isReady }: TrayOptions): typeof Electron.Tray {
  return guardClass<typeof Electron.Tray>(
    'Tray',
    (image) => {
      if (!isReady()) throw new Error('Cannot create Tray before app is ready');
      if (mood === 'refused') throw new Error('Failed to create the tray icon');
      return new HostTray(outside, mood, image).whole;
    },
    {},
  );
}
