/** The administrator's console, screen by screen, for whoever is signed in. */
import type { Page } from '@playwright/test';

/** Logs in as the administrator and visits every tab, then logs out. @param shot what is done at each. */
export async function visitAdministration(
  page: Page,
  password: string,
  shot: (screen: string, page: Page) => Promise<void>,
): Promise<void> {
  // Within the account that is looked at.
  const goTo = (tab: string): Promise<void> =>
    page.evaluate((to) => {
      location.hash = location.hash.replace(/^(#\/a\/[^/]+)\/.*$/, `$1/admin/${to}`);
    }, tab);
  await goTo('statistics');
  const field = page.locator('.sign-in input[type="password"]');
  await field.waitFor();
  await shot('admin-sign-in', page);
  await field.fill(password);
  await page.keyboard.press('Enter');
  await page.locator('section.plot').waitFor();
  await page.locator('section.top').waitFor();
  await shot('admin-statistics', page);
  for (const tab of ['users', 'messages', 'reactions', 'looks']) {
    await goTo(tab);
    await page.locator('table tbody tr').first().waitFor();
    await page.locator('.body[aria-busy="false"]').waitFor();
    await shot(`admin-${tab}`, page);
  }
  await page.locator('.admin .head button').click();
  await field.waitFor();
}
