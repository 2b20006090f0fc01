/**
 * A form that reports problems at the right time: after the user has left a field, after a submit, or when the server
 * has reported them; the server's problems disappear when the field changes.
 */
import { computed, reactive, ref } from 'vue';
import type { FieldProblem } from '#contract/model/errors.ts';
import { afterRelease } from '../ui/press.ts';

export type Rules<F extends string> = Record<F, (value: string) => FieldProblem | null>;

/** State and validation of a form with the fields of `rules`. */
export function createForm<F extends string>(rules: Rules<F>, initial: Partial<Record<F, string>> = {}) {
  const names = Object.keys(rules) as F[];
  const values: Record<string, string> = reactive(Object.fromEntries(names.map((name) => [name, initial[name] ?? ''])));
  const left: Record<string, boolean> = reactive({});
  const answered: Record<string, { problem: FieldProblem; value: string }> = reactive({});
  const submitted = ref(false);

  function ruled(name: F): FieldProblem | null {
    return rules[name](values[name] ?? '');
  }

  /** The server's verdict, while the value is unchanged. */
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
    /** The problems to show now, per field. */
    problems,
    /** The user has left a field. A field left empty stays silent until submit. */
    leave(name: F): void {
      // The message pushes the layout down, and the field may have been left by pressing something below it.
      if (values[name] !== '') afterRelease(() => (left[name] = true));
    },
    /** The user submits: returns the first invalid field, or null when there is none. */
    submit(): F | null {
      submitted.value = true;
      return names.find((name) => ruled(name) ?? refused(name)) ?? null;
    },
    /** Takes the server's problems; returns the first affected field of this form, or null. */
    refuse(fields: Record<string, FieldProblem>): F | null {
      for (const name of names) {
        const problem = fields[name];
        if (problem) answered[name] = { problem, value: values[name] ?? '' };
      }
      return names.find((name) => fields[name]) ?? null;
    },
  };
}

/** The counter of a limited field, from 80% of the limit; null before. */
export function counterNear(length: number, max: number): { length: number; max: number } | null {
  return length >= max * 0.8 ? { length, max } : null;
}
