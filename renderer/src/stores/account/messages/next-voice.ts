/** Which voice message follows another one. Pure. */
import type { MessageWindow } from './window.ts';

export interface NextVoice {
  messageKey: string;
  id: string;
  url: string;
  seconds: number | null;
}

/** The next voice message in the loaded part of a chat; null when there is none. */
export function nextVoice(window: MessageWindow | null, messageKey: string, fileId: string): NextVoice | null {
  const from = window?.items.findIndex((message) => message.key === messageKey) ?? -1;
  if (!window || from < 0) return null;
  const here = window.items[from]?.attachments ?? [];
  const rest = here.slice(here.findIndex(({ id }) => id === fileId) + 1);
  const candidates = [
    { key: messageKey, files: rest },
    ...window.items.slice(from + 1).map((message) => ({ key: message.key, files: message.attachments })),
  ];
  for (const { key, files } of candidates) {
    const file = files.find(({ voice }) => voice);
    if (file) return { messageKey: key, id: file.id, url: file.url, seconds: file.duration };
  }
  return null;
}
