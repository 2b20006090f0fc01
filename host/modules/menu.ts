/** `Menu` and `MenuItem`: a menu that is never displayed, whose items can be chosen. */
import { EventEmitter } from 'node:events';
import { guard, guardClass } from '../guard.ts';
import { createEvent } from './event.ts';

type ItemOptions = Electron.MenuItemConstructorOptions;

/** The stand-in's state of an item: its options, including fields that may change later. */
export class HostMenuItem {
  readonly whole: Electron.MenuItem;
  readonly id: string;
  readonly type: Electron.MenuItem['type'];
  readonly role: ItemOptions['role'];
  readonly accelerator: Electron.MenuItem['accelerator'];
  readonly submenu: Electron.Menu | undefined;
  readonly click: NonNullable<ItemOptions['click']> | undefined;
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;

  constructor(options: ItemOptions) {
    this.id = options.id ?? '';
    this.label = options.label ?? options.role ?? '';
    this.submenu = Array.isArray(options.submenu) ? buildMenu(options.submenu).whole : options.submenu;
    this.type = options.type ?? (this.submenu ? 'submenu' : 'normal');
    this.role = options.role;
    this.accelerator = options.accelerator ?? null;
    this.click = options.click;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.whole = guard<Electron.MenuItem>('MenuItem', this as Partial<Electron.MenuItem>);
  }
}

const parts = new WeakMap<Electron.Menu, HostMenu>();

export class HostMenu extends EventEmitter {
  readonly whole: Electron.Menu;
  readonly hostItems: HostMenuItem[] = [];

  constructor() {
    super();
    this.whole = guard<Electron.Menu>('Menu', this);
    parts.set(this.whole, this);
  }

  get items(): Electron.MenuItem[] {
    return this.hostItems.map((item) => item.whole);
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    return this.all().find((item) => item.id === id)?.whole ?? null;
  }

  /** All items including those of submenus, in reading order. */
  all(): HostMenuItem[] {
    return this.hostItems.flatMap((item) => [item, ...(item.submenu ? menuPart(item.submenu).all() : [])]);
  }

  /** Nothing is drawn; what can be chosen is there anyway. */
  popup(options?: Electron.PopupOptions): void {
    if (options && 'x' in options !== 'y' in options) throw new TypeError('x must be given with y');
    this.emit('menu-will-show', createEvent({}));
  }

  /** Chooses an item as a user would; false when that is not possible. */
  choose(index: number): boolean {
    const item = this.all()[index];
    if (!item?.enabled || !item.visible || !item.click) return false;
    if (item.type === 'checkbox') item.checked = !item.checked;
    item.click(item.whole, undefined, {});
    return true;
  }
}

/** The stand-in's implementation behind a menu it created. */
export function menuPart(menu: Electron.Menu): HostMenu {
  const part = parts.get(menu);
  if (!part) throw new Error('not a menu of the stand-in');
  return part;
}

function buildMenu(template: (ItemOptions | Electron.MenuItem)[]): HostMenu {
  const menu = new HostMenu();
  for (const options of template) menu.hostItems.push(new HostMenuItem(options as ItemOptions));
  return menu;
}

/** Creates the class Menu. */
export function createMenu(): typeof Electron.Menu {
  let applicationMenu: Electron.Menu | null = null;
  return guardClass<typeof Electron.Menu>('Menu', () => new HostMenu().whole, {
    buildFromTemplate: (template) => buildMenu(template).whole,
    setApplicationMenu: (menu) => {
      applicationMenu = menu;
    },
    getApplicationMenu: () => applicationMenu,
  });
}

/** Creates the class MenuItem. */
export function createMenuItem(): typeof Electron.MenuItem {
  return guardClass<typeof Electron.MenuItem>('MenuItem', (options) => new HostMenuItem(options).whole, {});
}
