/**
 * What a mutation run changes: each mutant is one small fault in one source file, as a programmer might make it. Pure:
 * text in, mutants out, always in the same order, so that a mutant's number means the same fault as long as its file
 * stays as it is.
 */
import ts from 'typescript';

export type MutantKind =
  | 'condition'
  | 'equality'
  | 'boundary'
  | 'arithmetic'
  | 'logical'
  | 'negation'
  | 'boolean'
  | 'number'
  | 'string'
  | 'array'
  | 'call'
  | 'callback'
  | 'exit';

/** One fault. Offsets count UTF-16 code units of the source; lines and columns count from 1. */
export interface Mutant {
  kind: MutantKind;
  start: number;
  end: number;
  line: number;
  column: number;
  /** What stands there instead; empty where a statement is left out. */
  replacement: string;
}

const SWAPPED: ReadonlyMap<ts.SyntaxKind, readonly [MutantKind, string]> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['equality', '!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['equality', '===']],
  [ts.SyntaxKind.EqualsEqualsToken, ['equality', '!=']],
  [ts.SyntaxKind.ExclamationEqualsToken, ['equality', '==']],
  [ts.SyntaxKind.LessThanToken, ['boundary', '<=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['boundary', '<']],
  [ts.SyntaxKind.GreaterThanToken, ['boundary', '>=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['boundary', '>']],
  [ts.SyntaxKind.PlusToken, ['arithmetic', '-']],
  [ts.SyntaxKind.MinusToken, ['arithmetic', '+']],
  [ts.SyntaxKind.AsteriskToken, ['arithmetic', '/']],
  [ts.SyntaxKind.SlashToken, ['arithmetic', '*']],
  [ts.SyntaxKind.PercentToken, ['arithmetic', '*']],
  [ts.SyntaxKind.PlusEqualsToken, ['arithmetic', '-=']],
  [ts.SyntaxKind.MinusEqualsToken, ['arithmetic', '+=']],
  [ts.SyntaxKind.AmpersandAmpersandToken, ['logical', '||']],
  [ts.SyntaxKind.BarBarToken, ['logical', '&&']],
  [ts.SyntaxKind.QuestionQuestionToken, ['logical', '&&']],
]);

/** The opposite of a comparison, beside its boundary. */
const OPPOSITE: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, '>='],
  [ts.SyntaxKind.LessThanEqualsToken, '>'],
  [ts.SyntaxKind.GreaterThanToken, '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '<'],
]);

/** Methods that are easily taken for each other. */
const MISTAKEN: ReadonlyMap<string, string> = new Map([
  ['min', 'max'],
  ['max', 'min'],
  ['some', 'every'],
  ['every', 'some'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
]);

/** Up to here a number is a count, and is changed by one; above it a length or a size, where one more is no fault. */
const LARGEST_COUNT = 100;

/** What only developers read: log lines, errors that end the program, named moments of the fault tests. */
function isForDevelopers(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  if (!ts.isCallExpression(node)) return false;
  return /(^|[.#])(logger|log)\??\.(debug|info|warn|error)$|(^|\.)(onStep|log)$/.test(node.expression.getText());
}

/** Makers of failures, by a code and a sentence that no screen shows. */
const FAILURES: ReadonlySet<string> = new Set(['fail', 'tooMany', 'invalidField']);

/** The sentence of a failure beside its code. */
function isDeveloperText(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === 'message';
  return ts.isCallExpression(parent) && FAILURES.has(parent.expression.getText()) && node.getText().includes(' ');
}

function isName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isExternalModuleReference(parent))
    return true;
  if (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent)) &&
    parent.name === node
  );
}

function hasText(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** True where an expression decides: both of its values are tried, and its opposite would be neither. */
function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ((ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) &&
      parent.expression === node) ||
    ((ts.isConditionalExpression(parent) || ts.isForStatement(parent)) && parent.condition === node)
  );
}

function isLoop(node: ts.Node): boolean {
  return ts.isWhileStatement(node) || ts.isForStatement(node) || ts.isDoStatement(node);
}

/** A `break` that ends a loop; one of a `switch` only ends a case. */
function endsLoop(node: ts.BreakStatement): boolean {
  let at: ts.Node = node.parent;
  while (!isLoop(at) && !ts.isForOfStatement(at) && !ts.isForInStatement(at)) {
    if (ts.isSwitchStatement(at) || ts.isFunctionLike(at)) return false;
    at = at.parent;
  }
  return true;
}

function numbersFor(text: string): string[] {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(value)) return [];
  if (!Number.isInteger(value)) return ['0'];
  if (value === 0) return ['1'];
  if (value <= LARGEST_COUNT) return [String(value + 1), String(value - 1)];
  return [String(value * 2), String(Math.floor(value / 2))];
}

/** Every mutant of a TypeScript source, in the order of their places. */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const mutants: Mutant[] = [];
  const text = (node: ts.Node): string => node.getText(file);

  function add(kind: MutantKind, node: ts.Node, ...replacements: string[]): void {
    const start = node.getStart(file);
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    for (const replacement of replacements)
      mutants.push({ kind, start, end: node.getEnd(), line: line + 1, column: character + 1, replacement });
  }

  function binary(node: ts.BinaryExpression): void {
    const operator = node.operatorToken.kind;
    const swap = SWAPPED.get(operator);
    if (!swap) return;
    const [kind, other] = swap;
    const isText = kind === 'arithmetic' && (hasText(node.left) || hasText(node.right));
    if (isText) return;
    const as = (sign: string): string => {
      // `??` may not stand beside the other two without brackets.
      const isMixed = kind === 'logical';
      const sides = [node.left, node.right].map((side) => (isMixed ? `(${text(side)})` : text(side)));
      return sides.join(` ${sign} `);
    };
    const opposite = OPPOSITE.get(operator);
    if (kind === 'equality' && isCondition(node)) return;
    add(kind, node, as(other));
    if (opposite !== undefined && !isCondition(node)) add('equality', node, as(opposite));
  }

  function call(node: ts.CallExpression): void {
    // A link of a chain with `?.` cannot be taken out of it.
    if (!ts.isPropertyAccessExpression(node.expression) || ts.isOptionalChain(node.parent)) return;
    const { name } = node.expression;
    const other = MISTAKEN.get(name.text);
    if (other === undefined) return;
    const [from, to] = [name.getStart(file) - node.getStart(file), name.getEnd() - node.getStart(file)];
    const whole = text(node);
    add('call', node, `${whole.slice(0, from)}${other}${whole.slice(to)}`);
  }

  function statement(node: ts.Node): void {
    if (ts.isExpressionStatement(node)) {
      const isSuper = /^super\b/.test(text(node));
      const isDirective = ts.isStringLiteral(node.expression);
      if (!isSuper && !isDirective) add('call', node, '');
    } else if (ts.isReturnStatement(node) && !node.expression) add('exit', node, '');
    else if (ts.isContinueStatement(node) || ts.isThrowStatement(node)) add('exit', node, '');
    else if (ts.isBreakStatement(node) && endsLoop(node)) add('exit', node, '');
  }

  function expression(node: ts.Node): void {
    if (ts.isExpression(node) && isCondition(node) && !/^(true|false)$/.test(text(node)))
      add('condition', node, ...(isLoop(node.parent) ? ['false'] : ['true', 'false']));
    if (ts.isBinaryExpression(node)) binary(node);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) unary(node);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add('boolean', node, 'false');
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add('boolean', node, 'true');
    else if (ts.isNumericLiteral(node) && !isName(node)) add('number', node, ...numbersFor(text(node)));
    else if ((ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) && !isName(node)) string(node);
    else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) add('array', node, '[]');
    else if (ts.isCallExpression(node)) call(node);
    else if (ts.isArrowFunction(node) && isWork(node.body)) add('callback', node.body, 'undefined');
  }

  function unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void {
    const operand = text(node.operand);
    const sign = node.operator;
    if (sign === ts.SyntaxKind.ExclamationToken && !isCondition(node)) add('negation', node, operand);
    else if (sign === ts.SyntaxKind.MinusToken) add('arithmetic', node, operand);
    else if (sign === ts.SyntaxKind.PlusPlusToken || sign === ts.SyntaxKind.MinusMinusToken) {
      const other = sign === ts.SyntaxKind.PlusPlusToken ? '--' : '++';
      add('arithmetic', node, ts.isPrefixUnaryExpression(node) ? `${other}${operand}` : `${operand}${other}`);
    }
  }

  function string(node: ts.StringLiteralLike | ts.TemplateExpression): void {
    if (ts.isTaggedTemplateExpression(node.parent) || isDeveloperText(node)) return;
    const isEmpty = ts.isStringLiteralLike(node) && node.text === '';
    add('string', node, isEmpty ? "'mutant'" : "''");
  }

  /** The body of a short function that does something rather than say something. */
  function isWork(body: ts.ConciseBody): boolean {
    const inner = ts.isVoidExpression(body) ? body.expression : body;
    return ts.isCallExpression(inner) && !isForDevelopers(inner);
  }

  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    const bare = ts.isExpressionStatement(node) ? node.expression : node;
    const awaited = ts.isAwaitExpression(bare) || ts.isVoidExpression(bare) ? bare.expression : bare;
    if (isForDevelopers(awaited)) return;
    statement(node);
    expression(node);
    ts.forEachChild(node, visit);
  }

  visit(file);
  return mutants.sort((a, b) => a.start - b.start || b.end - a.end);
}
