import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCoverageWorld } from '../server/auditor/coverageWorld.js';
import { PASSWORD, type TestServer } from '../server/testServer.js';
import { openBrowser, type PageOptions, screenshot, type TestBrowser } from './harness.js';
import { looks, obstaclesOn, type PageToSee, signIn } from './usable.js';

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startCoverageWorld(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const signedIn = (options: PageOptions = {}): Promise<Page> => signIn(browser, { at: server.url, user: 'vera', password: PASSWORD }, options);

const pages: readonly PageToSee[] = [
  ['figures', '/process/call/figures'],
  ['figures-month', '/process/call/figures?period=last-month'],
  ['figures-wrong', '/process/call/figures?from=2026-02-02&to=2026-01-01', 400],
  ['figures-none', '/process/rule/figures'],
  ['figures-kept', '/record/REP-000001'],
  ['coverage', '/audit/coverage'],
  ['coverage-2011', '/audit/coverage?edition=2011'],
  ['coverage-overdue', '/audit/coverage?state=overdue'],
  ['coverage-nothing', '/audit/coverage?state=covered&clause=4'],
  ['coverage-records', '/audit/coverage/call/0?standing=incomplete'],
];

describe('figures and coverage', () => {
  it.each(looks)('can be used by everybody ($name)', { timeout: 180_000 }, async (look) => {
    const page = await signedIn(look.options);
    expect(await obstaclesOn(page, look, pages)).toEqual({});
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
