/** The words of the command line. */
export interface BenchOptions {
  /** Names of the cases to run; empty: all. */
  only: string[];
  /** A tenth of the data and of the repetitions: to see that everything runs. Its figures are not the ones to quote. */
  quick: boolean;
  seed: number;
  /** Where the time goes, in the place of the figures. */
  trace: boolean;
  help: boolean;
}

export type ParsedOptions = { ok: true; options: BenchOptions } | { ok: false; reason: string };

/**
 * Reads the arguments after the script's own name. `known` are the names a person may choose from, `traceable` those
 * among them that `--trace` is made for.
 */
export function parseOptions(
  args: readonly string[],
  known: readonly string[],
  traceable: readonly string[],
): ParsedOptions {
  const options: BenchOptions = { only: [], quick: false, seed: 20_261_123, trace: false, help: false };
  for (let n = 0; n < args.length; n += 1) {
    const [flag, inline] = split(args[n] ?? '');
    const value = (): string | undefined => inline ?? args[(n += 1)];
    switch (flag) {
      case '--quick':
        options.quick = true;
        break;
      case '--trace':
        options.trace = true;
        break;
      case '--help':
        options.help = true;
        break;
      case '--only': {
        const names = (value() ?? '').split(',').filter((name) => name !== '');
        const unknown = names.find((name) => !known.includes(name));
        if (names.length === 0) return { ok: false, reason: `--only needs a name: ${known.join(', ')}` };
        if (unknown !== undefined) return { ok: false, reason: `no benchmark "${unknown}": ${known.join(', ')}` };
        options.only.push(...names);
        break;
      }
      case '--seed': {
        const seed = Number(value());
        if (!Number.isInteger(seed) || seed < 0) return { ok: false, reason: '--seed needs a whole number' };
        options.seed = seed;
        break;
      }
      default:
        return { ok: false, reason: `unknown word "${args[n]}"` };
    }
  }
  const untraced = options.only.find((name) => !traceable.includes(name));
  if (options.trace && (options.only.length === 0 || untraced !== undefined)) {
    return { ok: false, reason: `--trace needs --only with ${traceable.join(' or ')}` };
  }
  return { ok: true, options };
}

function split(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
