/** What a bundled file asks of others, and everything that is reached from one. */
import { posix } from 'node:path';
import { parseSync } from 'vite';

/** Every module that the code imports, requires or exports from. Throws on one whose name is not written out. */
export function importsOf(file: string, code: string): string[] {
  const { errors, module, program } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file} is no JavaScript: ${errors[0]?.message ?? ''}`);
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => code.slice(moduleRequest.start, moduleRequest.end));
  const required = requires(program).map(({ start, end }) => code.slice(start, end));
  const named = [...dynamic, ...required].map((text) => {
    const literal = /^(["'`])([^"'`$]+)\1$/.exec(text);
    if (!literal) throw new Error(`${file} asks for a module by a name that is made up when it runs: ${text}`);
    return literal[2] ?? '';
  });
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...named,
  ];
}

interface Span {
  start: number;
  end: number;
}

/** The arguments of every call of `require`, or of what a bundler makes of it: in the code, not in its strings. */
function requires(node: unknown): Span[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(requires);
  if (!('type' in node) || node.type !== 'CallExpression') return below;
  const { callee, arguments: given } = node as unknown as { callee: { name?: string }; arguments: Span[] };
  return /^(__)?require$/.test(callee.name ?? '') && given[0] ? [given[0], ...below] : below;
}

export interface Reached {
  /** Files of the package, the first one included. */
  files: string[];
  /** Everything else, by the name it is asked for. */
  others: string[];
}

/** Follows every import from `entry` through the package; `read` gives a file's code, or throws when it is not there. */
export function reachedFrom(entry: string, read: (file: string) => string): Reached {
  const files = new Set<string>();
  const others = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const name of importsOf(file, read(file))) {
      if (name.startsWith('.')) waiting.push(posix.join(posix.dirname(file), name));
      else others.add(name);
    }
  }
  return { files: [...files].sort(), others: [...others].sort() };
}
