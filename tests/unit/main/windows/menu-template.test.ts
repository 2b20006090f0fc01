import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { chosenTexts, mainTexts, storedLanguage } from '../../../../electron/main/lib/main-texts.ts';
import { applicationMenu, textMenu } from '../../../../electron/main/windows/menu-template.ts';

type Item = MenuItemConstructorOptions;

/** Every item that can be read, with those of the submenus. */
function itemsOf(template: Item[]): Item[] {
  return template.flatMap((item) => [
    ...(item.type === 'separator' ? [] : [item]),
    ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : []),
  ]);
}

const everything = (locale: string, mac: boolean): Item[] => {
  const { menu } = mainTexts(locale);
  const editFlags = { editable: true, canCut: true, canCopy: true, canPaste: true };
  return itemsOf([...applicationMenu(menu, { mac, forDevelopers: true }), ...textMenu(menu, editFlags)]);
};

describe('the menus', () => {
  it.each([true, false])('say every item themselves, in the person’s language (macOS: %s)', (mac) => {
    const english = everything('en', mac);
    const russian = everything('ru', mac);
    expect(russian.map(({ role }) => role)).toEqual(english.map(({ role }) => role));
    for (const { label } of english) expect(label).toMatch(/^[A-Z][\w\s]+$/);
    for (const { label } of russian) expect(label).toMatch(label === 'Relay' ? /./ : /^[А-Я]/);
  });

  it('leave nothing to Electron’s own English submenus', () => {
    for (const mac of [true, false]) {
      for (const { role } of everything('ru', mac)) {
        expect(['appMenu', 'fileMenu', 'editMenu', 'viewMenu', 'windowMenu', 'shareMenu']).not.toContain(role);
      }
    }
  });

  it('have the keys of macOS for closing, minimizing, hiding and quitting there', () => {
    const roles = everything('en', true).map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['close', 'minimize', 'hide', 'quit', 'pasteAndMatchStyle']));
    expect(everything('en', false).map(({ role }) => role)).not.toContain('hide');
  });

  it('hold nothing for developers in the product', () => {
    const product = itemsOf(applicationMenu(mainTexts('en').menu, { mac: false, forDevelopers: false }));
    expect(product.map(({ role }) => role)).not.toContain('toggleDevTools');
    expect(product.map(({ role }) => role)).not.toContain('reload');
  });

  it('offer of a text that cannot be changed its copy alone', () => {
    const flags = { editable: false, canCut: true, canCopy: false, canPaste: true };
    expect(textMenu(mainTexts('en').menu, flags)).toEqual([{ role: 'copy', label: 'Copy', enabled: false }]);
  });
});

describe('the language of main', () => {
  it.each([
    ['system', 'ru-RU', 'Правка'],
    ['system', 'en-GB', 'Edit'],
    ['system', 'run', 'Edit'],
    ['en', 'ru-RU', 'Edit'],
    ['ru', 'en-GB', 'Правка'],
  ] as const)('%s on a system that speaks %s: %s', (language, system, edit) => {
    expect(chosenTexts(language, system).menu.edit).toBe(edit);
  });

  it.each([
    [{ language: 'ru' }, 'ru'],
    [{ language: 'tlh' }, 'system'],
    [{ language: 5 }, 'system'],
    [{}, 'system'],
  ])('is read from %j as %s', (stored, expected) => {
    expect(storedLanguage(stored)).toBe(expected);
  });
});
