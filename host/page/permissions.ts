/**
 * Asks main's permission handlers before the browser's own: on the stand-in a page gets a microphone, a camera or the
 * right to send notifications only if it would get it under Electron.
 */
import type { Link } from './link.ts';

type Media = ('audio' | 'video')[];

/** Wraps the functions a page calls to get a permission. */
export function guardPermissions(link: Link): void {
  const waiting = new Map<number, (granted: boolean) => void>();
  let nextId = 1;
  link.on('allowed', ({ id, allowed }) => {
    waiting.get(-id)?.(allowed);
    waiting.delete(-id);
  });
  // Negative ids: `allowed` also answers navigations, whose ids are positive.
  const ask = (permission: string, mediaTypes: Media = []): Promise<boolean> =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      link.send({ kind: 'permission', id: -id, permission, mediaTypes });
    });

  const devices = navigator.mediaDevices;
  if (devices !== undefined) {
    const getUserMedia = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const kinds: Media = [];
      if (constraints?.audio) kinds.push('audio');
      if (constraints?.video) kinds.push('video');
      if (kinds.length > 0 && !(await ask('media', kinds)))
        throw new DOMException('Permission denied', 'NotAllowedError');
      return getUserMedia(constraints);
    };
    const getDisplayMedia = devices.getDisplayMedia.bind(devices);
    devices.getDisplayMedia = async (options) => {
      // As Chromium does: what follows takes a moment, and the click must not be forgotten over it.
      if (!navigator.userActivation.isActive) {
        throw new DOMException('getDisplayMedia requires transient activation', 'InvalidStateError');
      }
      const kinds: Media = [];
      if (options?.video !== false) kinds.push('video');
      if (options?.audio) kinds.push('audio');
      if (!(await ask('display-capture', kinds))) throw new DOMException('Permission denied', 'NotAllowedError');
      return getDisplayMedia(options);
    };
  }
  const { Notification } = window;
  const requestPermission = Notification.requestPermission.bind(Notification);
  Notification.requestPermission = async () => ((await ask('notifications')) ? requestPermission() : 'denied');
}
