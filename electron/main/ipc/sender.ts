/** Who may send commands: the main frame of one of our windows, showing our page. Nothing else. */
import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { originOf } from '../lib/origin.ts';
import type { WindowRole } from '../lib/roles.ts';

export interface SenderRules {
  /** The role of the window that shows these contents; null for contents of no window that this app opened. */
  roleOf(contents: WebContents): WindowRole | null;
  /** The exact origin of our page. */
  origin: string;
}

/** The sender's role, or why it is refused. Never throws. */
export function senderOf(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  rules: SenderRules,
): { role: WindowRole } | { problem: string } {
  try {
    const frame = event.senderFrame;
    if (!frame) return { problem: 'no frame' };
    const role = rules.roleOf(event.sender);
    if (role === null) return { problem: 'not our window' };
    if (frame.parent !== null || frame.top !== frame) return { problem: 'not the main frame' };
    if (frame.origin !== rules.origin) return { problem: 'another origin' };
    if (originOf(frame.url) !== rules.origin) return { problem: 'another address' };
    return { role };
  } catch {
    // A frame that is gone throws on every access.
    return { problem: 'a frame that has gone' };
  }
}
