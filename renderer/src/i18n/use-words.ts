/** Words for the closed sets of the contract: reasons, problems of a field, states of a message. */
import { useI18n } from 'vue-i18n';
import type { ErrorCode, FieldProblem } from '#contract/model/errors.ts';
import type { SendState } from '#contract/model/send-state.ts';
import { isolate } from './isolate.ts';

/** Characters that are named at most. */
const MOST_NAMED = 5;

/** What fills the places in a phrase, by their names. */
type Values = Record<string, unknown>;

/** What is said of the account's own server: nobody has just typed an address that could be wrong. */
const AWAY: Partial<Record<ErrorCode, string>> = {
  server_unreachable: 'connection.away.unreachable',
  tls_failed: 'connection.away.notSecure',
  not_a_relay: 'connection.away.somethingElse',
};

/** `t`, and the families of words that are chosen by a code. What people wrote keeps its own direction in a phrase. */
export function useWords() {
  const { t: say } = useI18n();
  /** The words of a key. @param values what fills its places, or the count alone. @param count which of its forms. */
  const t = (key: string, values: Values | number = {}, count?: number): string => {
    if (typeof values === 'number') return say(key, values);
    const named = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? isolate(value) : value]),
    );
    return count === undefined ? say(key, named) : say(key, named, count);
  };
  /** A character as a person can read it: what draws nothing is named by its number. */
  const named = (character: string): string => {
    if (character === ' ') return t('forms.space');
    if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return t('forms.quoted', { character });
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  };
  return {
    t,
    /** What happened and what to do. */
    error: (code: ErrorCode) => t(AWAY[code] ?? `errors.${code}`),
    /** The same where the server's address is being typed, and may be what is wrong. */
    addressError: (code: ErrorCode) => t(`errors.${code}`),
    /**
     * What is wrong with a field; `limits` fills the numbers of those words that name one, `forbidden` names the
     * characters that are in the way, where they are known.
     */
    field: (problem: FieldProblem, limits: { min: number; max: number }, forbidden: readonly string[] = []) =>
      problem === 'bad_characters' && forbidden.length > 0
        ? t('forms.characters', { characters: forbidden.slice(0, MOST_NAMED).map(named).join(', ') })
        : t(`fields.${problem}`, { ...limits }),
    /** The accessible name of a send state. */
    state: (state: SendState) => t(`states.${state}`),
  };
}
