import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../server/testServer.js';
import { axe, openBrowser, type PageOptions, screenshot, type TestBrowser } from './harness.js';
import { type StaffWorld, startStaffWorld } from './staffWorld.js';
import { looks, obstaclesNow, obstaclesOn, type PageToSee, signIn } from './usable.js';

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

const signedIn = (user: string, options: PageOptions = {}): Promise<Page> => signIn(browser, { at: world.server.url, user, password: PASSWORD }, options);

/** By who looks at them. */
const pages = (): { readonly [user: string]: readonly PageToSee[] } => ({
  ada: [
    ['staff-work', '/'],
    ['staff-list', '/process/incident'],
    ['staff-list-filtered', '/process/incident?view=all&q=screen&sort=title&direction=asc'],
    ['staff-record', `/record/${world.numbers.working}`],
    ['staff-record-drawing', `/record/${world.numbers.working}/drawing`],
    ['staff-create', '/process/incident/new'],
    ['staff-step', `/record/${world.numbers.working}/step/RESOLVE`],
    ['staff-search', '/search?q=mail'],
    ['staff-processes', '/processes'],
    ['staff-new', '/new'],
    ['staff-settings', '/settings'],
    ['staff-not-found', '/nowhere', 404],
  ],
  alan: [
    ['staff-approval', `/record/${world.numbers.request}`],
    ['staff-work-votes', '/'],
    ['staff-catalogue-item', '/process/catalogue-item/new'],
  ],
  rita: [['staff-order', `/record/${world.numbers.draft}/step/SUBMIT`]],
  root: [
    ['staff-people', '/admin/users'],
    ['staff-person', '/admin/users/ada'],
    ['staff-teams', '/admin/teams'],
    ['staff-team', '/admin/teams/network'],
    ['staff-operations', '/admin/operations'],
  ],
});

describe.each(looks)('every page of staff and administrators ($name)', (look) => {
  it('is accessible, fits its screen and complains of nothing', async () => {
    const stranger = await browser.newPage({ ...look.options, baseURL: world.server.url });
    expect(await obstaclesOn(stranger, look, [['staff-sign-in', '/sign-in']])).toEqual({});
    for (const [user, seen] of Object.entries(pages())) expect(await obstaclesOn(await signedIn(user, look.options), look, seen)).toEqual({});
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

describe('an open record that has moved on', () => {
  const comment = (text: string) =>
    world.server.engine.comment({ record: world.numbers.waiting ?? '', actor: { id: 'grace', roles: ['support-agent'], teams: ['network'] }, text });
  const path = (): string => `/record/${world.numbers.waiting}`;

  it.each(looks)('says so within 15 seconds, leaves what is typed alone, and shows it when asked to ($name)', async ({ name, options }) => {
    const page = await signedIn('ada', options);
    await page.clock.install();
    await page.goto(path());
    await page.fill('#comment', 'Half a sentence');
    await comment(`Seen in ${name}`);
    await page.clock.runFor(15_000);
    await page.waitForSelector('.standing .notice');
    expect(await page.textContent('.standing')).toBe('Grace Hopper wrote a comment. Show');
    expect(await page.inputValue('#comment')).toBe('Half a sentence');
    expect(await obstaclesNow(page, name)).toEqual([]);
    await screenshot(page, `staff-moved-on-${name}`);
    await page.click('.standing a');
    await page.waitForSelector(`text=Seen in ${name}`);
    expect(await page.textContent('.standing')).toBe('');
  });

  it('is asked for ever less often while the server refuses, never before it said, and not at all once it is not allowed', async () => {
    const page = await signedIn('ada');
    let [asked, status] = [0, 503];
    await page.route('**/standing?*', (route) => {
      asked += 1;
      return route.fulfill({ status, headers: { 'Retry-After': '60' } });
    });
    await page.clock.install();
    await page.goto(path());
    await page.clock.runFor(15_000);
    await expect.poll(() => asked).toBe(1);
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.clock.runFor(45_000);
    expect(asked).toBe(1);
    status = 401;
    await page.clock.runFor(25_000);
    await expect.poll(() => asked).toBe(2);
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.clock.runFor(900_000);
    expect(asked).toBe(2);
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
