/** The data of a list to choose from while the caret stays in a text field. */
import type { Component } from 'vue';

export interface PickerItem {
  id: string;
  title: string;
  /** Secondary text after the title. */
  note?: string;
  /** An avatar; otherwise `icon`. */
  person?: { id: string; name: string; online: boolean | null; picture: string | null };
  /** A record's cover. */
  cover?: { tone: string; url: string | null };
  icon?: Component;
  shortcut?: string;
}

export interface PickerGroup {
  id: string;
  label: string;
  items: PickerItem[];
}
