/** What axe finds on a page as it stands, in light and dark. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { settle } from '../../helpers/app-tour.ts';

/** The rules of WCAG AA that look at colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'] as const;

/**
 * Two rules that know less than they say. `region`: a menu hangs below the body while it is open and belongs to no landmark.
 * `label-content-name-mismatch`: it counts text that is hidden from those who listen (initials in a picture's place, the
 * number in a badge that is also said in words); only what is not hidden must be part of the name.
 */
async function isExcused(page: Page, rule: string, selector: string): Promise<boolean> {
  const element = page.locator(selector).first();
  if (rule === 'region') return (await element.locator('xpath=ancestor-or-self::*[@role="menu"]').count()) > 0;
  if (rule !== 'label-content-name-mismatch') return false;
  return element.evaluate((node) => {
    const said = node.cloneNode(true);
    if (!(said instanceof Element)) return false;
    for (const hidden of said.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
    const words = (text: string): string =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim();
    const parts = [...said.querySelectorAll('*')].filter((part) => part.childElementCount === 0);
    const texts = parts.length > 0 ? parts.map((part) => part.textContent) : [said.textContent];
    const name = words(node.getAttribute('aria-label') ?? '');
    return texts.every((text) => name.includes(words(text)));
  });
}

/** What axe finds on the page as it stands, each as one line. */
async function findingsOn(page: Page, name: string, axe: AxeBuilder): Promise<string[]> {
  const findings: string[] = [];
  const { violations } = await axe.analyze();
  for (const { id, nodes } of violations) {
    for (const { target, failureSummary } of nodes) {
      const selector = target.flat().join(' ');
      if (await isExcused(page, id, selector)) continue;
      findings.push(`${name}: ${id} at ${selector}: ${failureSummary ?? ''}`);
    }
  }
  return findings;
}

/** Looks at a page in both themes, and leaves it in the light one. Each finding is one line. */
export async function lookAt(page: Page, name: string): Promise<string[]> {
  // A tooltip comes and goes with focus and pointer, describes its trigger and belongs to no landmark.
  // There are no frames of other origins to look into, for which each look would open a page of its own.
  const axe = (): AxeBuilder =>
    new AxeBuilder({ page })
      .setLegacyMode(true)
      .options({ resultTypes: ['violations'] })
      .exclude('.tooltip');
  const light = await findingsOn(page, `${name}, light`, axe());
  await page.emulateMedia({ colorScheme: 'dark' });
  await settle(page);
  // In the dark only the colours are others.
  const dark = await findingsOn(page, `${name}, dark`, axe().withRules([...COLOUR_RULES]));
  await page.emulateMedia({ colorScheme: 'light' });
  await settle(page);
  return [...light, ...dark];
}
