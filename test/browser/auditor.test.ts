import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditWorld, startAuditWorld } from '../server/auditor/world.js';
import { PASSWORD } from '../server/testServer.js';
import { axe, complaints, openBrowser, type PageOptions, screenshot, scrollsSideways, type TestBrowser } from './harness.js';

let world: AuditWorld;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startAuditWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.server.close();
});

async function signedIn(options: PageOptions = {}, user = 'vera'): Promise<Page> {
  const page = await browser.newPage({ baseURL: world.server.url, ...options });
  await page.goto('/sign-in?next=/audit');
  await page.fill('[name=name]', user);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main button[type=submit]');
  return page;
}

/** Starts a verification and waits for its result. */
async function verify(page: Page): Promise<void> {
  await page.goto('/audit/verify');
  await page.click('main button:has-text("Start")');
  await page.locator('.tally').waitFor();
}

const pages = (): readonly (readonly [string, string])[] => [
  ['overview', '/audit'],
  ['history', '/audit/history'],
  ['history-filtered', '/audit/history?process=incident&actor=ada&origin=person'],
  ['history-wrong', '/audit/history?record=INC-999999&from=2026-03-02T10:00&before=2026-03-01T10:00'],
  ['record', `/audit/records/${world.numbers.working}?step=3`],
  ['record-newest', `/audit/records/${world.numbers.working}`],
  ['request', `/audit/records/${world.numbers.request}`],
  ['difference', `/audit/records/${world.numbers.working}/differences?from=1&to=6`],
  ['verify', '/audit/verify'],
  ['checkpoints', '/audit/checkpoints'],
  ['definitions', '/audit/definitions'],
];

describe('the pages of the auditor', () => {
  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)('can be used by everybody (%s)', { timeout: 180_000 }, async (name, options) => {
    const page = await signedIn(options);
    await verify(page);
    const check = async (shot: string): Promise<void> => {
      await screenshot(page, `audit-${shot}-${name}`);
      expect(await axe(page), shot).toEqual([]);
      expect(await scrollsSideways(page), shot).toBe(false);
    };
    await check('verified');
    for (const [shot, path] of pages()) {
      await page.goto(path);
      await check(shot);
    }
    expect(complaints(page).filter((text) => !text.includes('400'))).toEqual([]);
    await page.context().close();
  });

  it('verifies, steps through a record and filters without JavaScript', async () => {
    const page = await signedIn({ javascript: false });
    await verify(page);
    expect(await page.textContent('h1')).toBe('Nothing was altered, added or removed');
    await page.goto('/audit');
    await page.fill('#audit-record', world.numbers.working ?? '');
    await page.click('main form[action="/audit/history"] button');
    await page.locator('.ledger-what a').last().click();
    expect(await page.textContent('h1')).toContain('as it was after step 1');
    await page.click('a[rel=next]');
    await page.click('a[rel=next]');
    expect(await page.textContent('h1')).toContain('as it was after step 3');
    await page.fill('[name=at]', '2026-03-02T10:07');
    await page.click('.stepper-at button');
    expect(await page.textContent('h1')).toContain('as it was after step 2');
    await page.selectOption('[name=from]', '1');
    await page.selectOption('[name=to]', '6');
    await page.click('button:has-text("Show what changed")');
    expect(await page.textContent('main')).toContain('Network team');
    await page.goto('/audit/history');
    await page.selectOption('[name=process]', 'service-request');
    await page.fill('[name=actor]', 'Rita Reader');
    await page.click('main button:has-text("Show")');
    expect(await page.locator('.ledger > li').count()).toBeGreaterThan(0);
    expect(new Set(await page.locator('.ledger-head .strong').allTextContents())).toEqual(new Set(['Rita Reader']));
    const download = page.waitForEvent('download');
    await page.click('a:has-text("CSV")');
    expect((await download).suggestedFilename()).toBe('charter-history-2026-03-04.csv');
    await page.context().close();
  });

  it('keeps a checkpoint outside and holds it against the store', async () => {
    const page = await signedIn({}, 'root');
    await page.goto('/audit/checkpoints');
    await page.click('button:has-text("Seal now")');
    const downloaded = page.waitForEvent('download');
    await page.locator('.seals a').first().click();
    const path = await (await downloaded).path();
    await page.setInputFiles('#kept-file', path);
    await page.click('button:has-text("Verify against it")');
    await page.locator('.tally').waitFor();
    expect(await page.textContent('h1')).toBe('Nothing was altered, added or removed');
    expect(await axe(page)).toEqual([]);
    await page.goto('/audit/checkpoints');
    await screenshot(page, 'audit-checkpoints-administrator');
    expect(await axe(page)).toEqual([]);
    expect(complaints(page)).toEqual([]);
    await page.context().close();
  });
});
