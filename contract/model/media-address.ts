/** Addresses of media that main serves on the page's own origin. Pure. */

/** As main writes them: opaque to the page. */
const MEDIA_URL = /^\/media\/[A-Za-z0-9_-]{1,128}$/;

/**
 * The address for `src`, relative to the page; null for anything that is not main's own, so that no foreign address is
 * ever requested.
 */
export function mediaAddress(url: string | null | undefined): string | null {
  // Relative: on the stand-in the page lies below a path.
  return url && MEDIA_URL.test(url) ? `.${url}` : null;
}
