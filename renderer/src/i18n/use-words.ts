/** Strings for the contract's closed sets: error codes, field problems, send states. */
import { useI18n } from 'vue-i18n';
import type { ErrorCode, FieldProblem } from '#contract/model/errors.ts';
import type { SendState } from '#contract/model/send-state.ts';
import { isolate } from './isolate.ts';

/** Maximum number of forbidden characters to list. */
const MOST_NAMED = 5;

/** The values of a phrase's placeholders, by name. */
type Values = Record<string, unknown>;

/** For errors of the account's own server, whose address was not typed just now. */
const AWAY: Partial<Record<ErrorCode, string>> = {
  server_unreachable: 'connection.away.unreachable',
  tls_failed: 'connection.away.notSecure',
  not_a_relay: 'connection.away.somethingElse',
};

/** Strings without a placeholder, by the catalogue they are from: each message asks for a dozen of them. */
const plain = new WeakMap<object, Map<string, string>>();

/** `t`, and the string families selected by a code. User text keeps its own direction within a phrase. */
export function useWords() {
  const { t: say, locale, messages } = useI18n();
  const sayPlain = (key: string): string => {
    const catalogue: object | undefined = messages.value[locale.value];
    if (!catalogue) return say(key);
    const known = plain.get(catalogue) ?? new Map<string, string>();
    plain.set(catalogue, known);
    const phrase = known.get(key) ?? say(key);
    // What is not in the catalogue may come to it.
    if (phrase !== key) known.set(key, phrase);
    return phrase;
  };
  /** The string for a key. @param values its placeholders, or the count alone. @param count selects the plural form. */
  const t = (key: string, values?: Values | number, count?: number): string => {
    if (values === undefined && count === undefined) return sayPlain(key);
    if (typeof values === 'number') return say(key, values);
    const named = Object.fromEntries(
      Object.entries(values ?? {}).map(([name, value]) => [name, typeof value === 'string' ? isolate(value) : value]),
    );
    return count === undefined ? say(key, named) : say(key, named, count);
  };
  /** A character in readable form: an invisible one is shown by its code point. */
  const named = (character: string): string => {
    if (character === ' ') return t('forms.space');
    if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return t('forms.quoted', { character });
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  };
  return {
    t,
    /** What happened and what to do about it. */
    error: (code: ErrorCode) => t(AWAY[code] ?? `errors.${code}`),
    /** The same for a server address being typed, which may itself be wrong. */
    addressError: (code: ErrorCode) => t(`errors.${code}`),
    /**
     * The problem of a field; `limits` fills in the numbers of strings that mention one, `forbidden` lists the
     * offending characters if they are known.
     */
    field: (problem: FieldProblem, limits: { min: number; max: number }, forbidden: readonly string[] = []) =>
      problem === 'bad_characters' && forbidden.length > 0
        ? t('forms.characters', { characters: forbidden.slice(0, MOST_NAMED).map(named).join(', ') })
        : t(`fields.${problem}`, { ...limits }),
    /** The accessible name of a send state. */
    state: (state: SendState) => t(`states.${state}`),
  };
}
