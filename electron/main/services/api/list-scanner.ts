/**
 * Finds the items of an answer's list in JSON that arrives in pieces, so that the answer is never held as a whole. The
 * list is the one under its own name or under `data`, or the answer itself (see contract/api/envelope.ts); everything
 * around it is kept as the answer with an empty list.
 *
 * It only counts brackets and quotes: whether an item is valid is for JSON.parse and its schema to decide.
 */

/** Limits, in characters. */
export interface ScanLimits {
  /** A longer item is left out. */
  item: number;
  /** Of the text around the list. */
  around: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON, SPACE] = [0x22, 0x5c, 0x2c, 0x3a, 0x20];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Ends a string, or escapes the next character. */
const STOP = /["\\]/g;
/** The list is at most this deep. */
const DEEPEST = 2;

export class ListScanner {
  readonly #name: string;
  readonly #limits: ScanLimits;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** By depth: the key that leads to the current value; null inside a list. */
  readonly #keys: (string | null)[] = [null, null, null];
  #word = '';
  /** The depth of the list's items; 0 outside the list. */
  #itemDepth = 0;
  #isFound = false;
  #item: string[] = [];
  #itemChars = 0;
  #around: string[] = [];
  #aroundChars = 0;
  #skipped = 0;
  #hasBegun = false;

  /** @param name the list's own name. */
  constructor(name: string, limits: ScanLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  /** Number of items that were too long. */
  get skipped(): number {
    return this.#skipped;
  }

  get isFound(): boolean {
    return this.#isFound;
  }

  /** The answer is complete. */
  get isWhole(): boolean {
    return this.#hasBegun && this.#depth === 0 && !this.#inString;
  }

  /** The text around the list, with an empty list in its place; null if it is too long. */
  get around(): string | null {
    return this.#aroundChars > this.#limits.around ? null : this.#around.join('');
  }

  /** The items that end in this piece of text, as JSON, in order. */
  push(text: string): string[] {
    const items: string[] = [];
    // Start of the part that has not been kept yet.
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#inString) {
        if (this.#itemDepth > 0 && !this.#isEscaped) {
          // Most of a list is text: skip to the next quote or backslash.
          STOP.lastIndex = at;
          const stop = STOP.exec(text);
          if (!stop) break;
          at = stop.index;
          if (stop[0] === '"') this.#inString = false;
          else this.#isEscaped = true;
          continue;
        }
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === BACKSLASH) this.#isEscaped = true;
        else if (code === QUOTE) this.#inString = false;
        else if (this.#itemDepth === 0 && this.#word.length < 64) this.#word += text[at];
        continue;
      }
      if (code <= SPACE) continue;
      this.#hasBegun = true;
      switch (code) {
        case QUOTE:
          this.#inString = true;
          this.#word = '';
          break;
        case COLON:
          if (this.#itemDepth === 0 && this.#depth <= DEEPEST) this.#keys[this.#depth] = this.#word;
          break;
        case OPEN_OBJECT:
        case OPEN_LIST:
          if (code === OPEN_LIST && this.#isTheList()) {
            this.#keep(text.slice(from, at + 1));
            from = at + 1;
            this.#isFound = true;
            this.#itemDepth = this.#depth + 1;
          }
          this.#depth += 1;
          if (this.#itemDepth === 0 && this.#depth <= DEEPEST) this.#keys[this.#depth] = null;
          break;
        case CLOSE_OBJECT:
        case CLOSE_LIST:
          if (this.#itemDepth > 0 && this.#depth === this.#itemDepth) {
            this.#endItem(text.slice(from, at), items);
            from = at;
            this.#itemDepth = 0;
          }
          this.#depth -= 1;
          break;
        case COMMA:
          if (this.#itemDepth > 0 && this.#depth === this.#itemDepth) {
            this.#endItem(text.slice(from, at), items);
            from = at + 1;
          }
          break;
      }
    }
    this.#keep(text.slice(from));
    return items;
  }

  #isTheList(): boolean {
    if (this.#isFound || this.#itemDepth > 0) return false;
    const [, outer, inner] = this.#keys;
    if (this.#depth === 0) return true;
    if (this.#depth === 1) return outer === this.#name || outer === 'data';
    return this.#depth === 2 && outer === 'data' && inner === this.#name;
  }

  #keep(part: string): void {
    if (this.#itemDepth > 0) {
      this.#itemChars += part.length;
      if (this.#itemChars <= this.#limits.item) this.#item.push(part);
      else this.#item = [];
      return;
    }
    this.#aroundChars += part.length;
    if (this.#aroundChars <= this.#limits.around) this.#around.push(part);
  }

  #endItem(part: string, items: string[]): void {
    this.#keep(part);
    const item = this.#item.join('').trim();
    if (this.#itemChars > this.#limits.item) this.#skipped += 1;
    else if (item !== '') items.push(item);
    this.#item = [];
    this.#itemChars = 0;
  }
}
