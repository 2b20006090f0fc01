/** Choices of the settings that concern the desktop around the window. Pure data, for main and page. */

/** What a notification shows of a message: sender and text, the sender alone, only that there is one. */
export const NOTICE_CONTENTS = ['full', 'sender', 'nothing'] as const;
/** `glass` and `ping` are sounds of macOS; elsewhere the system's own is played. */
export const NOTICE_SOUNDS = ['system', 'glass', 'ping', 'none'] as const;
/** What closing the window does: asks, leaves the app in the tray, ends it. */
export const CLOSE_WAYS = ['ask', 'tray', 'quit'] as const;
