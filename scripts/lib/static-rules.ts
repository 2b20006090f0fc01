/**
 * What no file of the application may do, whatever the reason: the checks of Electron's own list of recommendations as rules on
 * the syntax of the program. Pure; tests/unit/scripts/static-rules.test.ts has a breach of each.
 */
import ts from 'typescript';

/** A rule that a line of a file breaks. */
export interface StaticBreach {
  rule: string;
  line: number;
}

interface Rule {
  name: string;
  /** The files that it looks at. */
  in: RegExp;
  /** Where it is the one place for this. */
  notIn?: RegExp;
  breaks: (node: ts.Node) => boolean;
}

const APP = /^(electron|renderer|contract)\//;
const MAIN = /^electron\/main\//;
const PAGE = /^renderer\/src\//;

const isNamed = (node: ts.Node, ...names: string[]): boolean => ts.isIdentifier(node) && names.includes(node.text);
/** The name of a call: `f` of `f()` and of `a.f()`. */
function calledName(node: ts.Node): string | null {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return null;
  const { expression } = node;
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : null;
}
const calls =
  (...names: string[]) =>
  (node: ts.Node): boolean =>
    names.includes(calledName(node) ?? '');
const makes =
  (...names: string[]) =>
  (node: ts.Node): boolean =>
    ts.isNewExpression(node) && names.includes(calledName(node) ?? '');
/** A property with anything but the one value that is safe. */
const sets =
  (name: string, safe: ts.SyntaxKind | null) =>
  (node: ts.Node): boolean =>
    ts.isPropertyAssignment(node) &&
    (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) &&
    node.name.text === name &&
    (safe === null || node.initializer.kind !== safe);
const assigns =
  (...names: string[]) =>
  (node: ts.Node): boolean =>
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(node.left) &&
    names.includes(node.left.name.text);
const imports =
  (...modules: string[]) =>
  (node: ts.Node): boolean =>
    ts.isImportDeclaration(node) &&
    ts.isStringLiteral(node.moduleSpecifier) &&
    modules.includes(node.moduleSpecifier.text);
const firstText = (node: ts.Node): string | null => {
  const first = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.arguments?.[0] : undefined;
  return first && ts.isStringLiteralLike(first) ? first.text : null;
};

const { TrueKeyword: YES, FalseKeyword: NO } = ts.SyntaxKind;
const SWITCHES =
  /^(no-sandbox|disable-web-security|remote-debugging-(port|pipe)|ignore-certificate-errors|disable-site-isolation|allow-running-insecure-content|allow-file-access|js-flags|inspect)/;

const STATIC_RULES: readonly Rule[] = [
  { name: 'no-node-in-pages', in: APP, breaks: sets('nodeIntegration', NO) },
  { name: 'no-node-in-workers', in: APP, breaks: sets('nodeIntegrationInWorker', NO) },
  { name: 'no-node-in-frames', in: APP, breaks: sets('nodeIntegrationInSubFrames', NO) },
  { name: 'isolated-preload', in: APP, breaks: sets('contextIsolation', YES) },
  { name: 'sandboxed-page', in: APP, breaks: sets('sandbox', YES) },
  { name: 'web-security', in: APP, breaks: sets('webSecurity', YES) },
  { name: 'no-insecure-content', in: APP, breaks: sets('allowRunningInsecureContent', NO) },
  { name: 'no-experiments', in: APP, breaks: sets('experimentalFeatures', NO) },
  { name: 'no-blink-features', in: APP, breaks: sets('enableBlinkFeatures', null) },
  { name: 'no-webviews', in: APP, breaks: sets('webviewTag', NO) },
  {
    name: 'one-maker-of-windows',
    in: APP,
    notIn: /^electron\/main\/windows\//,
    breaks: makes('BrowserWindow', 'BaseWindow', 'WebContentsView'),
  },
  {
    name: 'one-router',
    in: APP,
    // The last one takes a listener away that a package has put there.
    notIn: /^electron\/main\/(ipc\/router|index|platform\/json-document)\.ts$/,
    breaks: (node) => isNamed(node, 'ipcMain'),
  },
  { name: 'one-preload', in: APP, notIn: /^electron\/preload\//, breaks: (node) => isNamed(node, 'ipcRenderer') },
  {
    name: 'no-raw-ipc',
    in: /^electron\/preload\//,
    breaks: (node) =>
      calls('exposeInMainWorld')(node) &&
      ts.isCallExpression(node) &&
      node.arguments.some((given) =>
        given
          .getText()
          .split(/\W+/)
          .some((word) => /^(ipcRenderer|electron|require)$/.test(word)),
      ),
  },
  {
    name: 'one-external-opener',
    in: MAIN,
    notIn: /^electron\/main\/index\.ts$/,
    breaks: (node) =>
      ts.isPropertyAccessExpression(node) && node.name.text === 'openExternal' && isNamed(node.expression, 'shell'),
  },
  { name: 'no-open-path', in: MAIN, breaks: calls('openPath') },
  {
    name: 'no-dynamic-code',
    in: APP,
    breaks: (node) =>
      (ts.isCallExpression(node) && isNamed(node.expression, 'eval')) ||
      (calls('Function')(node) && (ts.isNewExpression(node) || ts.isCallExpression(node))) ||
      (calls('setTimeout', 'setInterval')(node) && firstText(node) !== null),
  },
  {
    name: 'no-scripts-from-main',
    in: APP,
    breaks: calls('executeJavaScript', 'executeJavaScriptInIsolatedWorld', 'insertCSS'),
  },
  { name: 'no-markup', in: PAGE, breaks: assigns('innerHTML', 'outerHTML', 'srcdoc') },
  {
    name: 'no-markup-calls',
    in: PAGE,
    breaks: (node) =>
      calls('insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe', 'createContextualFragment')(node) ||
      (ts.isPropertyAccessExpression(node) && node.name.text === 'write' && isNamed(node.expression, 'document')),
  },
  {
    name: 'no-sockets-of-the-page',
    in: PAGE,
    breaks: makes('WebSocket', 'EventSource', 'XMLHttpRequest', 'WebTransport'),
  },
  { name: 'no-beacons', in: PAGE, breaks: calls('sendBeacon') },
  {
    name: 'no-weak-switches',
    in: MAIN,
    breaks: (node) =>
      calls('appendSwitch', 'appendArgument')(node) && SWITCHES.test((firstText(node) ?? '').replace(/^--/, '')),
  },
  { name: 'no-blind-trust', in: APP, breaks: sets('rejectUnauthorized', YES) },
  {
    name: 'no-blind-trust-by-variable',
    in: APP,
    breaks: (node) => ts.isIdentifier(node) && node.text === 'NODE_TLS_REJECT_UNAUTHORIZED',
  },
  { name: 'no-own-verifier', in: MAIN, breaks: calls('setCertificateVerifyProc') },
  {
    name: 'no-certificate-errors-passed',
    in: MAIN,
    breaks: (node) => calls('on', 'once')(node) && firstText(node) === 'certificate-error',
  },
  {
    name: 'no-programs',
    in: APP,
    // Asks the session's bus whether a tray is shown: a fixed program with fixed words.
    notIn: /^electron\/main\/platform\/tray-watch\.ts$/,
    breaks: imports('child_process', 'node:child_process'),
  },
  { name: 'no-vm', in: APP, breaks: imports('vm', 'node:vm') },
  { name: 'no-remote', in: APP, breaks: imports('@electron/remote') },
  {
    name: 'no-plain-pages',
    in: MAIN,
    breaks: (node) => calls('loadURL')(node) && /^(http|ftp|file|data|javascript):/.test(firstText(node) ?? ''),
  },
  {
    name: 'no-file-protocols',
    in: MAIN,
    breaks: calls('registerFileProtocol', 'registerHttpProtocol', 'interceptFileProtocol', 'interceptHttpProtocol'),
  },
];

/** What a template may not have, by the text of a .vue file. */
const TEMPLATE_RULES: readonly { name: string; pattern: RegExp }[] = [
  { name: 'no-v-html', pattern: /\sv-html\b/ },
  { name: 'no-webview-tags', pattern: /<(webview|iframe|object|embed)\b/i },
  { name: 'no-inline-handlers', pattern: /\son[a-z]+="/ },
  { name: 'no-style-attributes', pattern: /\sstyle="/ },
  { name: 'no-script-addresses', pattern: /(href|src)="\s*javascript:/i },
];

export const STATIC_RULE_NAMES: readonly string[] = [...STATIC_RULES, ...TEMPLATE_RULES].map(({ name }) => name);

function scriptBreaches(file: string, text: string, firstLine: number): StaticBreach[] {
  const rules = STATIC_RULES.filter((rule) => rule.in.test(file) && !rule.notIn?.test(file));
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: StaticBreach[] = [];
  const visit = (node: ts.Node): void => {
    for (const { name, breaks } of rules) {
      if (!breaks(node)) continue;
      found.push({ rule: name, line: firstLine + source.getLineAndCharacterOfPosition(node.getStart()).line });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** All breaches of a file. @param file its path from the root, with slashes. */
export function staticBreaches(file: string, text: string): StaticBreach[] {
  if (!file.endsWith('.vue')) return scriptBreaches(file, text, 1);
  const found: StaticBreach[] = [];
  for (const { 1: script = '', index, 0: whole } of text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)) {
    found.push(...scriptBreaches(file, script, lineOf(text, index + whole.indexOf(script))));
  }
  const template = /<template>[\s\S]*<\/template>/.exec(text);
  for (const { name, pattern } of template ? TEMPLATE_RULES : []) {
    const hit = pattern.exec(template?.[0] ?? '');
    if (hit && template) found.push({ rule: name, line: lineOf(text, template.index + hit.index) });
  }
  return found;
}
