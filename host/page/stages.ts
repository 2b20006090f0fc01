/** Reports the document's loading stage, focus and visibility, and when it is leaving. */
import type { Link } from './link.ts';

/** Active for the lifetime of the document; also runs the host's commands. */
export function watchStages(link: Link): void {
  const stage = (name: 'dom-ready' | 'finish'): void => {
    link.send({ kind: 'stage', stage: name, title: document.title, url: location.href });
  };
  document.addEventListener('DOMContentLoaded', () => {
    stage('dom-ready');
    let last = document.title;
    new MutationObserver(() => {
      if (document.title === last) return;
      last = document.title;
      link.send({ kind: 'title', title: last });
    }).observe(document.head, { childList: true, subtree: true, characterData: true });
  });
  window.addEventListener('load', () => stage('finish'));

  const focus = (): void => {
    link.send({ kind: 'focus', focused: document.hasFocus(), visible: document.visibilityState === 'visible' });
  };
  window.addEventListener('focus', focus);
  window.addEventListener('blur', focus);
  document.addEventListener('visibilitychange', focus);
  focus();
  window.addEventListener('pagehide', () => link.send({ kind: 'leaving' }));

  link.on('command', ({ command }) => {
    if (command === 'reload') location.reload();
    else if (command === 'focus') window.focus();
  });
  link.on('clipboard', ({ text }) => {
    navigator.clipboard.writeText(text).catch((error: unknown) => {
      // The browser requires a user gesture or a permission; main has the text anyway.
      console.debug('The stand-in could not reach the clipboard.', error);
    });
  });
}
