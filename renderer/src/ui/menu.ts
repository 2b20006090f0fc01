/** A menu as data: the drop-down and the context menu draw the same entries and answer with the id that was chosen. */
import type { Component } from 'vue';

export interface MenuAction {
  kind: 'action';
  id: string;
  label: string;
  icon?: Component;
  /** Shown only; the shortcut itself is registered where it works. */
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

/** A quiet word on what stands above it; it cannot be chosen. */
export interface MenuNote {
  kind: 'note';
  id: string;
  text: string;
}

export type MenuEntry = MenuAction | MenuChoice | MenuBranch | MenuNote | { kind: 'separator'; id: string };
