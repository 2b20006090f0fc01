/** Detects host names that imitate others (homographs). Pure. */

/** Letters of other scripts that look like Latin ones. */
const LATIN_LOOKALIKES = /^[асеорхуіјѕԁһӏԛԝѵԍцкмтвнгαοιρυνκτχε0-9-]+$/u;
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/**
 * True when a label of the host mixes scripts, consists entirely of letters that look like Latin ones, or resolves to
 * something other than it displays (full-width letters, ligatures).
 */
export function isDeceptive(host: string): boolean {
  return host.split('.').some((label) => {
    const lower = label.toLowerCase();
    if (/^[\p{ASCII}]*$/u.test(lower)) return lower.startsWith('xn--');
    if (lower.normalize('NFKC') !== lower.normalize('NFC')) return true;
    return SCRIPTS.filter((script) => script.test(lower)).length > 1 || LATIN_LOOKALIKES.test(lower);
  });
}
