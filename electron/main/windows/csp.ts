/** The headers of everything the page consists of. The page has no network access and runs no code but ours. */

const POLICY: Record<string, string> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  // What the page itself has made: a pasted picture, a recording.
  'img-src': "'self' blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'media-src': "'self' blob:",
  'worker-src': "'none'",
  'frame-src': "'none'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  // The framework's own policy, with which it creates static nodes.
  'trusted-types': 'vue',
};

export const CONTENT_SECURITY_POLICY = Object.entries(POLICY)
  .map(([name, value]) => `${name} ${value}`)
  .join('; ');

/** Browser features that a page could request, and that are off. */
const OFF = [
  'accelerometer',
  'clipboard-read',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** Voice messages need the microphone, calls all of them; when, is decided in permissions.ts. */
const OWN = ['microphone', 'camera', 'display-capture'];

/** Sent with every file of the page, and with refusals. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': [...OFF.map((feature) => `${feature}=()`), ...OWN.map((feature) => `${feature}=(self)`)].join(
    ', ',
  ),
  'Cache-Control': 'no-cache',
};

/**
 * Sent with media. No served type can run code, and opened as a document it would have no rights. Never cached: it may
 * not be meant for the next user of this computer.
 */
export const MEDIA_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
