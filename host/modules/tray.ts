/** `Tray`: kept as a thing outside; a click and each item of its menu can be chosen. */
import { EventEmitter } from 'node:events';
import { guard, guardClass } from '../guard.ts';
import type { Outside, OutsideThing } from '../outside.ts';
import type { OutsideItem } from '../wire/frames.ts';
import { createEvent } from './event.ts';
import { menuPart } from './menu.ts';

class HostTray extends EventEmitter implements OutsideThing {
  readonly id: string;
  readonly whole: Electron.Tray;
  private readonly outside: Outside;
  private toolTip = '';
  private title = '';
  private menu: Electron.Menu | null = null;
  private destroyed = false;

  constructor(outside: Outside) {
    super();
    this.outside = outside;
    this.id = outside.newId('tray');
    this.whole = guard<Electron.Tray>('Tray', this);
    outside.show(this);
  }

  setImage(image: Electron.NativeImage | string): void {
    this.outside.note('tray-image', typeof image === 'string' ? image : 'image');
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
    this.outside.show(this);
  }

  setTitle(title: string): void {
    this.title = title;
    this.outside.show(this);
  }

  setContextMenu(menu: Electron.Menu | null): void {
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

  describe(): OutsideItem {
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
    };
  }

  act(action: string): boolean {
    const nowhere = { x: 0, y: 0, width: 0, height: 0 };
    if (action === 'click') return this.emit('click', createEvent({}), nowhere, { x: 0, y: 0 });
    const index = /^item:(\d+)$/.exec(action)?.[1];
    return index !== undefined && this.menu !== null && menuPart(this.menu).choose(Number(index));
  }
}

/** Makes the class. */
export function createTray(outside: Outside): typeof Electron.Tray {
  return guardClass<typeof Electron.Tray>('Tray', () => new HostTray(outside).whole, {});
}
