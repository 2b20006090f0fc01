/** Every static rule by a breach, and what looks like one and is none. */
import { describe, expect, it } from 'vitest';
import { STATIC_RULE_NAMES, staticBreaches } from '../../../scripts/lib/static-rules.ts';

const WINDOW = 'electron/main/windows/main-window.ts';
const MAIN = 'electron/main/services/part.ts';
const PRELOAD = 'electron/preload/index.ts';
const PAGE = 'renderer/src/features/part.ts';
const VUE = 'renderer/src/features/Part.vue';
const template = (inner: string): string => `<template>\n  ${inner}\n</template>\n`;

type Sample = readonly [file: string, code: string];

/** By rule: what breaks it, once. */
const BREACHES: Readonly<Record<string, readonly Sample[]>> = {
  'no-node-in-pages': [
    [WINDOW, 'const p = { nodeIntegration: true };'],
    [WINDOW, `const p = { 'nodeIntegration': options.node };`],
  ],
  'no-node-in-workers': [[WINDOW, 'const p = { nodeIntegrationInWorker: true };']],
  'no-node-in-frames': [[WINDOW, 'const p = { nodeIntegrationInSubFrames: !isSafe };']],
  'isolated-preload': [[WINDOW, 'const p = { contextIsolation: false };']],
  'sandboxed-page': [[WINDOW, 'const p = { sandbox: false };']],
  'web-security': [[WINDOW, 'const p = { webSecurity: isPackaged };']],
  'no-insecure-content': [[WINDOW, 'const p = { allowRunningInsecureContent: true };']],
  'no-experiments': [[WINDOW, 'const p = { experimentalFeatures: true };']],
  'no-blink-features': [[WINDOW, `const p = { enableBlinkFeatures: 'x' };`]],
  'no-webviews': [[WINDOW, 'const p = { webviewTag: true };']],
  'one-maker-of-windows': [
    [MAIN, 'const w = new BrowserWindow({});'],
    [MAIN, 'const w = new electron.WebContentsView({});'],
  ],
  'one-router': [[MAIN, `listen(ipcMain);`]],
  'one-preload': [[PAGE, `ipcRenderer;`]],
  'no-raw-ipc': [
    [PRELOAD, `contextBridge.exposeInMainWorld('x', ipcRenderer);`],
    [PRELOAD, `contextBridge.exposeInMainWorld('x', { send: ipcRenderer.send });`],
  ],
  'one-external-opener': [[MAIN, 'void shell.openExternal(url);']],
  'no-open-path': [[MAIN, 'void shell.openPath(path);']],
  'no-dynamic-code': [
    [PAGE, `eval('1');`],
    [PAGE, `const f = new Function('return 1');`],
    [MAIN, `setTimeout('run()', 1);`],
    [VUE, `<script setup lang="ts">\nconst f = Function('a', 'b');\n</script>`],
  ],
  'no-scripts-from-main': [[MAIN, `void contents.executeJavaScript('1');`]],
  'no-markup': [
    [PAGE, 'box.innerHTML = text;'],
    [VUE, '<script setup lang="ts">\nframe.srcdoc = text;\n</script>'],
  ],
  'no-markup-calls': [
    [PAGE, `box.insertAdjacentHTML('beforeend', text);`],
    [PAGE, 'document.write(text);'],
  ],
  'no-sockets-of-the-page': [[PAGE, 'const s = new WebSocket(address);']],
  'no-beacons': [[PAGE, 'navigator.sendBeacon(address);']],
  'no-weak-switches': [
    [MAIN, `app.commandLine.appendSwitch('no-sandbox');`],
    [MAIN, `app.commandLine.appendArgument('--remote-debugging-port=9222');`],
  ],
  'no-blind-trust': [[MAIN, 'const a = { rejectUnauthorized: false };']],
  'no-blind-trust-by-variable': [[MAIN, `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';`]],
  'no-own-verifier': [[MAIN, 'session.setCertificateVerifyProc(trustAll);']],
  'no-certificate-errors-passed': [[MAIN, `app.on('certificate-error', trust);`]],
  'no-programs': [[MAIN, `import { exec } from 'node:child_process';`]],
  'no-vm': [[MAIN, `import vm from 'node:vm';`]],
  'no-remote': [[PAGE, `import remote from '@electron/remote';`]],
  'no-plain-pages': [[MAIN, `void window.loadURL('http://example.com');`]],
  'no-file-protocols': [[MAIN, `protocol.registerFileProtocol('x', serve);`]],
  'no-v-html': [[VUE, template('<p v-html="text" />')]],
  'no-webview-tags': [
    [VUE, template('<webview src="x" />')],
    [VUE, template('<iframe />')],
  ],
  'no-inline-handlers': [[VUE, template('<p onclick="run()" />')]],
  'no-style-attributes': [[VUE, template('<p style="color: red" />')]],
  'no-script-addresses': [[VUE, template('<a href="javascript:run()" />')]],
};

it('every rule has a breach here', () => {
  expect(Object.keys(BREACHES).toSorted()).toEqual([...STATIC_RULE_NAMES].toSorted());
});

describe.each(Object.entries(BREACHES))('%s', (rule, samples) => {
  it.each(samples)('is broken in %s by %s', (file, code) => {
    expect(staticBreaches(file, code).map((breach) => breach.rule)).toEqual([rule]);
  });
});

it.each([
  [WINDOW, 'const p = { nodeIntegration: false, contextIsolation: true, sandbox: true, webSecurity: true };'],
  [WINDOW, 'const w = new BrowserWindow({ webPreferences });'],
  ['electron/main/index.ts', 'open((url) => shell.openExternal(url));'],
  [MAIN, `// eval('1') and new Function('x') are words here: innerHTML = too\nconst text = "eval('1')";`],
  [MAIN, 'const { openExternal } = parts; void openExternal(url); void options.openExternal(url);'],
  [PAGE, 'setTimeout(() => run(), 1); const html = box.innerHTML;'],
  [PRELOAD, `contextBridge.exposeInMainWorld(BRIDGE_NAME, { ...commands(), onPush });`],
  [VUE, template('<p :style="{ width }" @click="run" data-v-html-is="none" :href="address" />')],
  ['tests/unit/part.ts', `eval('1');`],
])('nothing is found in %s: %s', (file, code) => expect(staticBreaches(file, code)).toEqual([]));

it('tells the line of a breach, also in the script of a component', () => {
  expect(staticBreaches(PAGE, 'const a = 1;\n\neval("a");')).toEqual([{ rule: 'no-dynamic-code', line: 3 }]);
  const component = `<script setup lang="ts">\nconst a = 1;\nbox.innerHTML = a;\n</script>\n\n${template('<p v-html="a" />')}`;
  expect(staticBreaches(VUE, component)).toEqual([
    { rule: 'no-markup', line: 3 },
    { rule: 'no-v-html', line: 7 },
  ]);
});
