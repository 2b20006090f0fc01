/** Words for the closed sets of the contract: reasons, problems of a field, states of a message. */
import { useI18n } from 'vue-i18n';
import type { ErrorCode, FieldProblem } from '#contract/model/errors.ts';
import type { SendState } from '#contract/model/send-state.ts';

/** `t`, and the families of words that are chosen by a code. */
export function useWords() {
  const { t } = useI18n();
  return {
    t,
    /** What happened and what to do. */
    error: (code: ErrorCode) => t(`errors.${code}`),
    /** What is wrong with a field; `limits` fills the numbers of those words that name one. */
    field: (problem: FieldProblem, limits: { min: number; max: number }) => t(`fields.${problem}`, { ...limits }),
    /** The accessible name of a send state. */
    state: (state: SendState) => t(`states.${state}`),
  };
}
