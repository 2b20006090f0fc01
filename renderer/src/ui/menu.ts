/** A menu as data: drop-down and context menus render the same entries and return the chosen id. */
import type { Component } from 'vue';

export interface MenuAction {
  kind: 'action';
  id: string;
  label: string;
  icon?: Component;
  /** Display only; the shortcut is registered elsewhere. */
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
}

export interface MenuChoice {
  kind: 'check';
  id: string;
  label: string;
  checked: boolean;
  disabled?: boolean;
}

export interface MenuBranch {
  kind: 'branch';
  id: string;
  label: string;
  icon?: Component;
  entries: MenuEntry[];
}

/** A note about the entries above; it cannot be chosen. */
export interface MenuNote {
  kind: 'note';
  id: string;
  text: string;
}

export type MenuEntry = MenuAction | MenuChoice | MenuBranch | MenuNote | { kind: 'separator'; id: string };
