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
});
