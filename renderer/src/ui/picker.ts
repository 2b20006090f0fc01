/** A list that is chosen from while the caret stays in a text field, as data. */
import type { Component } from 'vue';

export interface PickerItem {
  id: string;
  title: string;
  /** Quiet words after the title. */
  note?: string;
  /** A person's sign, else `icon`. */
  person?: { id: string; name: string; online: boolean | null };
  icon?: Component;
  shortcut?: string;
}

export interface PickerGroup {
  id: string;
  label: string;
  items: PickerItem[];
}
