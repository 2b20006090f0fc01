/** Who may speak: the main frame of a window of ours, showing our page. Nothing else, whatever it says. */
import type { IpcMainInvokeEvent, WebContents } from 'electron';

export interface SenderRules {
  /** True for the contents of a window this program opened. */
  isOurs(contents: WebContents): boolean;
  /** The exact origin of our page. */
  origin: string;
}

/** The origin of a URL as scheme and host; `URL.origin` is "null" for schemes that are not the web's. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return 'null';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** Why the sender of an event may not speak, or null when it may. Never throws. */
export function senderProblem(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  rules: SenderRules,
): string | null {
  try {
    const frame = event.senderFrame;
    if (!frame) return 'no frame';
    if (!rules.isOurs(event.sender)) return 'not our window';
    if (frame.parent !== null || frame.top !== frame) return 'not the main frame';
    if (frame.origin !== rules.origin) return 'another origin';
    if (originOf(frame.url) !== rules.origin) return 'another address';
    return null;
  } catch {
    // A frame that has gone throws at every touch.
    return 'a frame that has gone';
  }
}
