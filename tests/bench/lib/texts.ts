/**
 * Sentences for sample messages. Words follow the law of real text: few are everywhere, most are rare (frequency falls
 * with the rank). About a third is Cyrillic, one message in forty carries a link, one in fifty is a single emoji.
 */
import { Dice, subSeed } from './random.ts';

const LATIN =
  'ba be bo ca ce co da de di do fa fe ga go ha he hi ka ke la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se si so ta te ti to va ve vi'.split(
    ' ',
  );
const CYRILLIC =
  'ба бо ва ве во да де до жа за зе ка ко ла ле ли ло ма ме ми мо на не но па пе по ра ре ри ро са се си со та те ти то ча ша ши'.split(
    ' ',
  );
const EMOJI = ['👍', '😂', '🎉', '🔥', '🙏', '😮'];

const VOCABULARY = 30_000;
/** Slots of the sampling table: a word of rank r fills about 1/r of them. */
const SLOTS = 65_536;

/** Writes messages; the same seed writes the same ones. */
export class Writer {
  readonly #seed: number;
  readonly #words: readonly string[];
  readonly #table: Uint16Array;

  constructor(seed: number) {
    this.#seed = seed;
    this.#words = makeWords(seed);
    this.#table = makeTable();
  }

  /** The word of a rank, 0 being the most common. */
  word(rank: number): string {
    const word = this.#words[rank];
    if (word === undefined) throw new RangeError(`no word of rank ${rank}`);
    return word;
  }

  /** The text of message `index` of chat `chat`: 1 to about 60 words. */
  text(chat: number, index: number): string {
    const dice = new Dice(subSeed(this.#seed, chat, index));
    const kind = dice.next();
    if (kind < 0.02) return dice.pick(EMOJI);
    const words: string[] = [];
    const length = 1 + Math.floor(-7 * Math.log(1 - dice.next() * 0.9998));
    for (let n = 0; n < length; n += 1) words.push(this.#any(dice));
    if (kind > 0.975) words.push(`https://${this.#words[40]}.example/${words[0]}-${index}`);
    return words.join(' ');
  }

  #any(dice: Dice): string {
    // One word in a hundred comes from the whole vocabulary, so that rare words exist at all.
    if (dice.next() < 0.01) return this.word(dice.whole(0, VOCABULARY));
    return this.word(this.#table[dice.whole(0, SLOTS)] ?? 0);
  }
}

function makeWords(seed: number): string[] {
  const dice = new Dice(subSeed(seed, 1));
  const seen = new Set<string>();
  while (seen.size < VOCABULARY) {
    const syllables = dice.next() < 0.35 ? CYRILLIC : LATIN;
    // Common words are short, as they are in life.
    const length = 1 + Math.min(3, Math.floor(Math.log2(1 + seen.size) / 4)) + dice.whole(0, 2);
    let word = '';
    for (let n = 0; n < length; n += 1) word += dice.pick(syllables);
    seen.add(word);
  }
  return [...seen];
}

function makeTable(): Uint16Array {
  const table = new Uint16Array(SLOTS);
  let total = 0;
  for (let rank = 0; rank < VOCABULARY; rank += 1) total += 1 / (rank + 2);
  let filled = 0;
  let mass = 0;
  for (let rank = 0; rank < VOCABULARY && filled < SLOTS; rank += 1) {
    mass += 1 / (rank + 2) / total;
    const end = Math.min(SLOTS, Math.round(mass * SLOTS));
    table.fill(rank, filled, end);
    filled = end;
  }
  return table;
}
