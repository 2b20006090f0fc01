/** Hosts that pass for others. Pure. */

/** Letters of other scripts that are drawn like Latin ones. */
const LATIN_LOOKALIKES = /^[асеорхуіјѕԁһӏԛԝѵԍцкмтвнгαοιρυνκτχε0-9-]+$/u;
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/**
 * True when a label of the host mixes scripts, is written wholly in letters that pass for Latin ones, or is opened as
 * another one than it is written (full-width letters, ligatures).
 */
export function isDeceptive(host: string): boolean {
  return host.split('.').some((label) => {
    const lower = label.toLowerCase();
    if (/^[\p{ASCII}]*$/u.test(lower)) return lower.startsWith('xn--');
    if (lower.normalize('NFKC') !== lower.normalize('NFC')) return true;
    return SCRIPTS.filter((script) => script.test(lower)).length > 1 || LATIN_LOOKALIKES.test(lower);
  });
}
