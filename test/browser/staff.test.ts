import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../server/testServer.js';
import { axe, complaints, openBrowser, type PageOptions, screenshot, scrollsSideways, type TestBrowser } from './harness.js';
import { type StaffWorld, startStaffWorld } from './staffWorld.js';

let world: StaffWorld;
let browser: TestBrowser;
beforeAll(async () => {
  world = await startStaffWorld();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await world.server.close();
});

async function signedIn(user: string, options: PageOptions = {}): Promise<Page> {
  const page = await browser.newPage({ ...options, baseURL: world.server.url });
  await page.goto('/sign-in');
  await page.fill('#field-name', user);
  await page.fill('#field-password', PASSWORD);
  await page.click('button[type=submit]');
  return page;
}

const looks: readonly (readonly [string, PageOptions])[] = [
  ['desk', {}],
  ['phone', { phone: true }],
  ['dark', { dark: true }],
];

describe.each(looks)('every page of staff and administrators (%s)', (look, options) => {
  const pages = (): readonly (readonly [string, string, string])[] => [
    ['ada', 'work', '/'],
    ['ada', 'list', '/process/incident'],
    ['ada', 'list-filtered', '/process/incident?view=all&q=screen&sort=title&direction=asc'],
    ['ada', 'record', `/record/${world.numbers.working}`],
    ['ada', 'record-drawing', `/record/${world.numbers.working}/drawing`],
    ['ada', 'create', '/process/incident/new'],
    ['ada', 'step', `/record/${world.numbers.working}/step/RESOLVE`],
    ['ada', 'search', '/search?q=mail'],
    ['ada', 'processes', '/processes'],
    ['ada', 'new', '/new'],
    ['ada', 'settings', '/settings'],
    ['ada', 'not-found', '/nowhere'],
    ['alan', 'approval', `/record/${world.numbers.request}`],
    ['alan', 'work-votes', '/'],
    ['alan', 'catalogue-item', '/process/catalogue-item/new'],
    ['rita', 'order', `/record/${world.numbers.draft}/step/SUBMIT`],
    ['root', 'people', '/admin/users'],
    ['root', 'person', '/admin/users/ada'],
    ['root', 'teams', '/admin/teams'],
    ['root', 'team', '/admin/teams/network'],
    ['root', 'operations', '/admin/operations'],
  ];

  it('is accessible, fits its screen and complains of nothing', async () => {
    const visitors = new Map<string, Page>();
    const stranger = await browser.newPage({ ...options, baseURL: world.server.url });
    await stranger.goto('/sign-in');
    expect(await axe(stranger), 'sign-in').toEqual([]);
    await screenshot(stranger, `staff-sign-in-${look}`);
    for (const [user, name, path] of pages()) {
      const page = visitors.get(user) ?? (await signedIn(user, options));
      visitors.set(user, page);
      const before = complaints(page).length;
      const response = await page.goto(path);
      expect(response?.status(), name).toBe(name === 'not-found' ? 404 : 200);
      expect(await axe(page), name).toEqual([]);
      expect(await scrollsSideways(page), name).toBe(false);
      if (name !== 'not-found') expect(complaints(page).slice(before), name).toEqual([]);
      await screenshot(page, `staff-${name}-${look}`);
    }
  }, 240_000);
});

describe('a day without JavaScript', () => {
  it('goes from sign-in over a new record to its resolution', async () => {
    const page = await signedIn('ada', { javascript: false, phone: true });
    await page.goto('/new');
    await page.click('main a[href="/process/incident/new"]');
    await page.fill('[name="f.summary"]', 'Badge reader at the door is dead');
    await page.fill('[name="f.caller"]', 'Reception');
    await page.click('main form button.primary');
    expect(await page.textContent('h1')).toBe('Badge reader at the door is dead');
    await page.locator('summary', { hasText: 'Assign' }).first().click();
    await page.selectOption('#ASSIGN-assignee', 'ada');
    await page.locator('form[action$="/ASSIGN"] button[type=submit]').click();
    expect(await page.textContent('.notice')).toContain('Assign: done.');
    await page.fill('#comment', 'On my way.');
    await page.locator('form[action$="/comments"] button').click();
    expect(await page.textContent('#activity')).toContain('On my way.');
    await page.goto(`${page.url().replace(/[?#].*/, '')}/step/RESOLVE`);
    await page.selectOption('[name="f.resolutionCode"]', 'solved');
    await page.fill('[name="f.resolution"]', 'Plugged it in again.');
    await page.click('main form .form-actions button');
    expect(await page.textContent('.record-head')).toContain('Awaiting confirmation');
  });

  it('finds the menu on a phone', async () => {
    const page = await signedIn('ada', { javascript: false, phone: true });
    expect(await page.isVisible('#navigation')).toBe(false);
    await page.click('.bottom-bar a[href="#navigation"]');
    expect(await page.isVisible('#navigation')).toBe(true);
    await page.click('#navigation a[href="/process/incident"]');
    expect(await page.textContent('h1')).toBe('Incidents');
  });

  it('orders from the catalogue, answering the questions of the item', async () => {
    const page = await signedIn('rita', { javascript: false });
    await page.goto(`/record/${world.numbers.draft}/step/SUBMIT`);
    await page.fill('[name="f.answers.size"]', '16 inch');
    await page.check('[name="f.answers.dock"][value="yes"]');
    await page.click('main form .form-actions button');
    expect(await page.textContent('main')).toContain('16 inch');
    expect(await page.textContent('.record-head')).toContain('Awaiting approval');
  });
});

describe('a vote', () => {
  it('is asked for on the page of work, given on the record, and counted', async () => {
    const page = await signedIn('alan');
    await page.goto('/');
    await page.locator('#votes a', { hasText: 'Laptop for Barbara' }).click();
    await page.locator('summary', { hasText: 'Approve' }).click();
    await page.locator('form[action$="/APPROVE"] button[type=submit]').click();
    expect(await page.textContent('main')).toContain('Alan Turing');
    expect(await page.locator('.voters .chip.good').first().textContent()).toContain('approved');
  });
});

describe('two people with the same record open', () => {
  it('the second sees what the first changed and finds his own words again', async () => {
    const [ada, grace] = [await signedIn('ada'), await signedIn('grace', { dark: true })];
    const path = `/record/${world.numbers.related}/step/UPDATE`;
    await ada.goto(path);
    await grace.goto(path);
    await ada.fill('[name="f.location"]', 'Second floor');
    await ada.click('main form .form-actions button');
    await grace.fill('[name="f.description"]', 'Words that took me ten minutes');
    await grace.click('main form .form-actions button');
    expect(await grace.textContent('.conflict')).toContain('Second floor');
    expect(await grace.inputValue('[name="f.description"]')).toBe('Words that took me ten minutes');
    expect(await axe(grace)).toEqual([]);
    await screenshot(grace, 'staff-conflict-dark');
    await grace.click('main form .form-actions button');
    expect(await grace.textContent('.notice')).toContain('Edit: done.');
    const words = await grace.textContent('main');
    expect(words).toContain('Words that took me ten minutes');
    expect(words).toContain('Second floor');
  });
});

describe('what scripts add', () => {
  it('a slash leads to the search, Escape closes a menu', async () => {
    const page = await signedIn('ada');
    await page.goto('/');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    await page.click('header details:has-text("Ada") summary');
    expect(await page.isVisible('text=Sign out')).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('text=Sign out')).toBe(false);
  });
});

describe('refusals in a browser', () => {
  it('stand at the field, keep what was typed and are accessible', async () => {
    const page = await signedIn('ada', { phone: true });
    await page.goto('/process/incident/new');
    await page.fill('[name="f.summary"]', 'No caller was named');
    await page.fill('[name="f.description"]', 'A long description that must not get lost.');
    await page.click('main form .form-actions button');
    expect(await page.inputValue('[name="f.description"]')).toBe('A long description that must not get lost.');
    expect(await page.locator('.field.refused').count()).toBeGreaterThan(0);
    expect(await axe(page)).toEqual([]);
    await screenshot(page, 'staff-refusal-phone');
  });
});
