import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditWorld, startAuditWorld } from '../server/auditor/world.js';
import { PASSWORD } from '../server/testServer.js';
import { axe, complaints, openBrowser, type PageOptions, screenshot, type TestBrowser } from './harness.js';
import { looks, obstaclesNow, obstaclesOn, type PageToSee, signIn } from './usable.js';

let world: AuditWorld;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startAuditWorld(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.server.close();
});

const signedIn = (options: PageOptions = {}, user = 'vera'): Promise<Page> => signIn(browser, { at: world.server.url, user, password: PASSWORD }, options);

/** Starts a verification and waits for its result. */
async function verify(page: Page): Promise<void> {
  await page.goto('/audit/verify');
  await page.click('main button:has-text("Start")');
  await page.locator('.tally').waitFor();
}

const pages = (): readonly PageToSee[] => [
  ['audit-overview', '/audit'],
  ['audit-history', '/audit/history'],
  ['audit-history-filtered', '/audit/history?process=incident&actor=ada&origin=person'],
  ['audit-history-wrong', '/audit/history?record=INC-999999&from=2026-03-02T10:00&before=2026-03-01T10:00', 400],
  ['audit-record', `/audit/records/${world.numbers.working}?step=3`],
  ['audit-record-newest', `/audit/records/${world.numbers.working}`],
  ['audit-request', `/audit/records/${world.numbers.request}`],
  ['audit-difference', `/audit/records/${world.numbers.working}/differences?from=1&to=6`],
  ['audit-verify', '/audit/verify'],
  ['audit-checkpoints', '/audit/checkpoints'],
  ['audit-definitions', '/audit/definitions'],
];

describe('the pages of the auditor', () => {
  it.each(looks)('can be used by everybody ($name)', { timeout: 180_000 }, async (look) => {
    const page = await signedIn(look.options);
    await verify(page);
    await screenshot(page, `audit-verified-${look.name}`);
    expect([await obstaclesNow(page, look.name), complaints(page)]).toEqual([[], []]);
    expect(await obstaclesOn(page, look, pages())).toEqual({});
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
