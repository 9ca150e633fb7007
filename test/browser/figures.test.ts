import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCoverageWorld } from '../server/auditor/coverageWorld.js';
import { PASSWORD, type TestServer } from '../server/testServer.js';
import { axe, complaints, openBrowser, type PageOptions, screenshot, scrollsSideways, type TestBrowser } from './harness.js';

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startCoverageWorld(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function signedIn(options: PageOptions = {}, user = 'vera'): Promise<Page> {
  const page = await browser.newPage({ baseURL: server.url, ...options });
  await page.goto('/sign-in?next=/audit/coverage');
  await page.fill('[name=name]', user);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main button[type=submit]');
  return page;
}

const pages = [
  ['figures', '/process/call/figures'],
  ['figures-month', '/process/call/figures?period=last-month'],
  ['figures-wrong', '/process/call/figures?from=2026-02-02&to=2026-01-01'],
  ['figures-none', '/process/rule/figures'],
  ['figures-kept', '/record/REP-000001'],
  ['coverage', '/audit/coverage'],
  ['coverage-2011', '/audit/coverage?edition=2011'],
  ['coverage-overdue', '/audit/coverage?state=overdue'],
  ['coverage-nothing', '/audit/coverage?state=covered&clause=4'],
  ['coverage-records', '/audit/coverage/call/0?standing=incomplete'],
] as const;

describe('figures and coverage', () => {
  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)('can be used by everybody (%s)', { timeout: 180_000 }, async (name, options) => {
    const page = await signedIn(options);
    for (const [shot, path] of pages) {
      await page.goto(path);
      await screenshot(page, `${shot}-${name}`);
      expect(await axe(page), shot).toEqual([]);
      expect(await scrollsSideways(page), shot).toBe(false);
    }
    expect(complaints(page).filter((text) => !text.includes('400'))).toEqual([]);
    await page.context().close();
  });

  it('choose a period and filter clauses without JavaScript', async () => {
    const page = await signedIn({ javascript: false });
    await page.goto('/process/call');
    await page.click('a:has-text("Figures")');
    await page.click('nav[aria-label=Period] a:has-text("Everything")');
    expect(await page.textContent('.figures-basis')).toContain('26 records opened so far.');
    await page.fill('[name=from]', '2025-01-01');
    await page.fill('[name=to]', '2025-01-31');
    await page.click('main form button');
    expect(await page.textContent('.figures-basis')).toContain('2 records opened from 1 January 2025 to 31 January 2025.');
    await page.click('.figure-months summary');
    await page.goto('/audit/coverage');
    await page.selectOption('[name=process]', 'check');
    await page.click('main form button');
    expect(await page.locator('.clause').count()).toBe(5);
    await page.click('a:has-text("Checks held")');
    expect(await page.textContent('h1')).toBe('Checks held');
    await page.context().close();
  });

  it('print without what only a screen needs', async () => {
    const page = await signedIn();
    await page.emulateMedia({ media: 'print' });
    for (const [shot, path] of [['figures', '/process/call/figures'] as const, ['coverage', '/audit/coverage'] as const]) {
      await page.goto(path);
      await screenshot(page, `${shot}-print`);
      expect(await page.locator('form:visible').count()).toBe(0);
    }
    await page.context().close();
  });
});
