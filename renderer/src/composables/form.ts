/**
 * A form that speaks at the right time: what is wrong with a field shows after the person has left it, or has tried to
 * submit, or when the server said so; what the server said goes away as soon as the field changes.
 */
import { computed, reactive, ref } from 'vue';
import type { FieldProblem } from '#contract/model/errors.ts';
import { afterRelease } from '../ui/press.ts';

export type Rules<F extends string> = Record<F, (value: string) => FieldProblem | null>;

/** State and verdicts of one form with the fields of `rules`. */
export function createForm<F extends string>(rules: Rules<F>, initial: Partial<Record<F, string>> = {}) {
  const names = Object.keys(rules) as F[];
  const values: Record<string, string> = reactive(Object.fromEntries(names.map((name) => [name, initial[name] ?? ''])));
  const left: Record<string, boolean> = reactive({});
  const answered: Record<string, { problem: FieldProblem; value: string }> = reactive({});
  const submitted = ref(false);

  function ruled(name: F): FieldProblem | null {
    return rules[name](values[name] ?? '');
  }

  /** What the server said, while the value is still the one it said it of. */
  function refused(name: F): FieldProblem | null {
    const answer = answered[name];
    return answer && answer.value === values[name] ? answer.problem : null;
  }

  const problems = computed(() => {
    const shown: Partial<Record<F, FieldProblem>> = {};
    for (const name of names) {
      const problem = refused(name) ?? (left[name] || submitted.value ? ruled(name) : null);
      if (problem) shown[name] = problem;
    }
    return shown;
  });

  return {
    values: values as Record<F, string>,
    /** What is to be shown now, per field. */
    problems,
    /** The person has left a field. One that was passed by empty stays quiet until submit. */
    leave(name: F): void {
      // The words that appear push down what stands below, and the field was left by pressing just that.
      if (values[name] !== '') afterRelease(() => (left[name] = true));
    },
    /** The person wants to go on: the first field in the way, or null when all is well. */
    submit(): F | null {
      submitted.value = true;
      return names.find((name) => ruled(name) ?? refused(name)) ?? null;
    },
    /** Takes the server's word on fields; answers the first one the form has, or null. */
    refuse(fields: Record<string, FieldProblem>): F | null {
      for (const name of names) {
        const problem = fields[name];
        if (problem) answered[name] = { problem, value: values[name] ?? '' };
      }
      return names.find((name) => fields[name]) ?? null;
    },
  };
}

/** The counter of a limited field, once four fifths are used; null before. */
export function counterNear(length: number, max: number): { length: number; max: number } | null {
  return length >= max * 0.8 ? { length, max } : null;
}
