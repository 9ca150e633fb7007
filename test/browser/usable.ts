/** Whether everybody can use a page: with a screen reader, on a phone, in the dark. */
import type { Page } from 'playwright-core';
import { axe, complaints, type PageOptions, screenshot, scrollsSideways, type TestBrowser } from './harness.js';

export interface Look {
  readonly name: 'light' | 'dark' | 'phone';
  readonly options: PageOptions;
}

export const looks: readonly Look[] = [
  { name: 'light', options: {} },
  { name: 'dark', options: { dark: true } },
  { name: 'phone', options: { phone: true } },
];

/** A dark page differs from a light one in its colours only; the light one is held to all rules. */
const rulesOf = { light: [], phone: [], dark: ['color-contrast', 'link-in-text-block'] } as const;

/** The name of its picture, the address, and the status it is to be answered with (else 200). */
export type PageToSee = readonly [name: string, path: string, status?: number];

/** What keeps people from using each page, by its name; nothing at best. `ready` waits for what scripts put into a page. */
export async function obstaclesOn(
  page: Page,
  { name: look }: Look,
  pages: readonly PageToSee[],
  ready: (path: string) => Promise<unknown> = async () => undefined,
): Promise<{ readonly [page: string]: readonly unknown[] }> {
  const found: { [page: string]: readonly unknown[] } = {};
  for (const [name, path, wanted = 200] of pages) {
    const before = complaints(page).length;
    const status = (await page.goto(path))?.status();
    await ready(path);
    const obstacles = await obstaclesNow(page, look);
    await screenshot(page, `${name}-${look}`);
    // The browser says itself that a page was answered with 400 or 404.
    const said = complaints(page).slice(before + (wanted >= 400 && status === wanted ? 1 : 0));
    const all = [...(status === wanted ? [] : [`answered ${status}`]), ...obstacles, ...said];
    if (all.length > 0) found[name] = all;
  }
  return found;
}

/** The same of the page as it stands. */
export async function obstaclesNow(page: Page, look: Look['name'] = 'light'): Promise<readonly unknown[]> {
  return [...(await axe(page, rulesOf[look])), ...((await scrollsSideways(page)) ? ['must be scrolled sideways'] : [])];
}

/** Somebody who has just signed in on a page of his own. */
export async function signIn(
  browser: TestBrowser,
  { at, user, password }: { at: string; user: string; password: string },
  options: PageOptions = {},
): Promise<Page> {
  const page = await browser.newPage({ ...options, baseURL: at });
  await page.goto('/sign-in');
  await page.fill('#field-name', user);
  await page.fill('#field-password', password);
  await page.click('main button[type=submit]');
  await page.waitForURL(({ pathname }) => pathname !== '/sign-in');
  return page;
}
