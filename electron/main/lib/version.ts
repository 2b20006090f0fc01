/** Versions by the rules of Semantic Versioning 2.0.0, as far as an update needs them. Pure. */

/** The grammar of semver.org, without a leading "v": what a feed says must be exact. */
const VERSION =
  /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;
const LONGEST = 64;

interface Version {
  numbers: readonly number[];
  /** Empty for a release. */
  prerelease: readonly string[];
}

function parse(text: string): Version | null {
  const found = text.length <= LONGEST ? VERSION.exec(text) : null;
  if (!found) return null;
  const [, major, minor, patch, prerelease] = found;
  return { numbers: [major, minor, patch].map(Number), prerelease: prerelease?.split('.') ?? [] };
}

function compareParts(a: string, b: string): number {
  const numeric = [a, b].map((part) => /^\d+$/.test(part));
  if (numeric[0] && numeric[1]) return a.length - b.length || (a < b ? -1 : Number(a > b));
  // Numbers come before words.
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

/** Negative, zero or positive, as for sorting: by the precedence of semver, in which build metadata does not count. */
function compare(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0;
    if (number !== other) return number - other;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (const [index, part] of a.prerelease.entries()) {
    const other = b.prerelease[index];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

/**
 * Whether `offered` may replace `current`: only what is newer, and a pre-release only another pre-release. `invalid` if
 * one of them is no version.
 */
export function mayReplace(current: string, offered: string): 'newer' | 'not_newer' | 'invalid' {
  const [own, other] = [parse(current), parse(offered)];
  if (!own || !other) return 'invalid';
  if (other.prerelease.length > 0 && own.prerelease.length === 0) return 'not_newer';
  return compare(other, own) > 0 ? 'newer' : 'not_newer';
}
