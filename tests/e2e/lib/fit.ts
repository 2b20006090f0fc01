/** Whether everything that is drawn fits its place. */
import type { Page } from '@playwright/test';

/** What is wider than its place or sticks out of the window or its bubble; names of people may end in an ellipsis. */
export async function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth)
      found.push(`the page scrolls sideways: ${String(root.scrollWidth)} > ${String(root.clientWidth)}`);
    // What turns around an element, such as the ring of a button that waits, is meant to be wider.
    const turns = (element: Element): boolean =>
      element
        .getAnimations({ subtree: true })
        .some(({ effect }) => effect instanceof KeyframeEffect && effect.target === element && effect.pseudoElement);
    const isSaid = (element: Element): boolean => element.closest('.visually-hidden') !== null;
    const words =
      'button, a, label, h1, h2, h3, p, legend, dt, dd, time, th, td, [role="menuitem"], [role="option"], [role="tab"]';
    for (const element of document.querySelectorAll<HTMLElement>(words)) {
      if (isSaid(element) || element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) === false)
        continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const style = getComputedStyle(element);
      const name = `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 50)}"`;
      const isCut = style.textOverflow === 'ellipsis' || style.overflowX === 'auto' || style.overflowX === 'scroll';
      if (!isCut && element.scrollWidth > element.clientWidth + 1 && style.display !== 'inline' && !turns(element))
        found.push(`${name} is ${String(element.scrollWidth)} wide in ${String(element.clientWidth)}`);
      const scrolls = element.closest('.timeline') !== null;
      if (!scrolls && (box.right > root.clientWidth + 1 || box.left < -1))
        found.push(`${name} sticks out: ${String(Math.round(box.left))} to ${String(Math.round(box.right))}`);
      // A fixed label that ends in dots cannot be read; a name may.
      const isFixed =
        element.matches('button, label, h1, h3, [role="menuitem"]') && element.closest('bdi, .title') === null;
      if (isFixed && style.textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth + 1)
        found.push(`${name} cannot be read to its end`);
    }
    for (const bubble of document.querySelectorAll('.bubble')) {
      const place = bubble.getBoundingClientRect();
      for (const element of bubble.querySelectorAll<HTMLElement>('*')) {
        const box = element.getBoundingClientRect();
        // The bar of a message stands beside it.
        if (isSaid(element) || element.closest('.toolbar') !== null || box.width === 0 || box.height === 0) continue;
        if (box.right <= place.right + 1 && box.left >= place.left - 1) continue;
        let around = element.parentElement;
        while (around && around !== bubble && getComputedStyle(around).overflowX === 'visible')
          around = around.parentElement;
        if (around === bubble)
          found.push(`${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} goes beyond its bubble`);
      }
    }
    return found;
  });
}

/** Every text that a person sees or hears: text nodes, names, titles, placeholders. */
export async function spokenTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      if (text !== '') texts.add(text);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt], [aria-description]'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description']) {
        const text = element.getAttribute(name)?.trim() ?? '';
        if (text !== '') texts.add(text);
      }
    return [...texts];
  });
}
