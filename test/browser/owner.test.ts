import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnerServer, PASSWORD, startOwnerServer } from '../server/owner/server.js';
import { axe, complaints, openBrowser, type PageOptions, screenshot, type TestBrowser } from './harness.js';
import { looks, obstaclesOn, type PageToSee, signIn } from './usable.js';

let server: OwnerServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startOwnerServer(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const signedIn = (options: PageOptions = {}, user = 'owner'): Promise<Page> => signIn(browser, { at: server.address, user, password: PASSWORD }, options);

const PAGES = [
  '/owner',
  '/processes/new',
  '/processes/incident',
  '/processes/incident/sentences',
  '/processes/incident/versions',
  '/processes/incident/scenarios',
  '/processes/incident/edit',
  '/processes/incident/publish',
];
const pages = PAGES.map((path): PageToSee => [`owner${path.replace(/\W+/g, '-')}`, path]);
/** The editor replaces the field for text when its scripts have come. */
const editorIsThere = async (page: Page, path: string): Promise<void> => {
  if (path.endsWith('/edit')) await page.locator('.cm-content').waitFor();
};
const settled = async (page: Page, path: string): Promise<void> => {
  await page.goto(path);
  await editorIsThere(page, path);
};

/** What one waits at until another opens it. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

describe('the pages of the process owner', () => {
  it.each(looks)('can be used by everybody ($name)', async (look) => {
    const page = await signedIn(look.options);
    expect(await obstaclesOn(page, look, pages, (path) => editorIsThere(page, path))).toEqual({});
    await page.context().close();
  });

  it('draws the process so that no text leaves its box', async () => {
    const page = await signedIn();
    await page.goto('/processes/incident');
    const overflowing = await page.evaluate(`[...document.querySelectorAll('g.drawing-box, g.drawing-label')].filter((group) => {
      const box = group.querySelector('rect, circle').getBoundingClientRect();
      return [...group.querySelectorAll(':scope > text')].some((text) => { const t = text.getBoundingClientRect(); return t.left < box.left || t.right > box.right || t.top < box.top - 1 || t.bottom > box.bottom + 1; });
    }).map((group) => group.textContent)`);
    expect(overflowing).toEqual([]);
    await page.context().close();
  });

  it('edits, checks and publishes without JavaScript', async () => {
    const page = await signedIn({ javascript: false });
    await page.goto('/processes/new');
    await page.fill('[name=title]', 'Visit');
    await page.fill('[name=key]', 'visit');
    await page.click('main form button[type=submit]');
    const text = await page.inputValue('#text');
    await page.fill('#text', text.replace('"closed"', '"nowhere"'));
    await page.click('button[value=check]');
    expect(await page.textContent('#problems')).toMatch(/statechart\.json, line \d+/);
    await screenshot(page, 'owner-edit-without-javascript');
    await page.fill('#text', text);
    await page.click('button[value=publish]');
    await page.fill('[name=note]', 'Visitors are to be met');
    await page.click('main button[type=submit]:has-text("Publish")');
    expect(await page.textContent('main')).toContain('is published and in force');
    await page.context().close();
  });

  it('underlines what is wrong while one types, keeps it as a draft, and draws it', async () => {
    const page = await signedIn();
    await settled(page, '/processes/incident/edit');
    const answered = (): Promise<unknown> => page.waitForResponse((response) => response.url().endsWith('/check'));
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    const first = answered();
    await page.keyboard.type(' oops');
    await first;
    await page.locator('.cm-lintRange-error').first().waitFor();
    expect(await page.textContent('#problems')).toMatch(/statechart\.json, line/);
    expect(await page.textContent('#editor-status')).toContain('Kept as your draft');
    await screenshot(page, 'owner-edit-with-a-problem');
    expect(await axe(page)).toEqual([]);
    for (let times = 0; times < 5; times += 1) await page.keyboard.press('Backspace');
    await expect.poll(() => page.textContent('#editor-status'), { timeout: 20_000 }).toContain('No errors.');
    expect(await page.locator('#preview svg').count()).toBe(1);
    await page.reload();
    await page.locator('.cm-content').waitFor();
    expect(complaints(page)).toEqual([]);
    await page.context().close();
  });

  it('keeps nothing when it is only opened, whatever is kept elsewhere meanwhile', async () => {
    const page = await signedIn();
    const held = gate();
    const letGo = gate();
    await page.route('**/check', async (route) => {
      held.open();
      await letGo.passed;
      await route.continue();
    });
    const answered = page.waitForResponse((response) => response.url().endsWith('/check'));
    await settled(page, '/processes/incident/edit?file=rules.json');
    await held.passed;
    const elsewhere = await signedIn({ javascript: false });
    await elsewhere.goto('/processes/incident/edit?file=rules.json');
    await elsewhere.fill('#text', '{"newer":true}');
    await elsewhere.click('button[value=save]');
    letGo.open();
    await answered;
    await elsewhere.goto('/processes/incident/edit?file=rules.json');
    expect(await elsewhere.inputValue('#text')).toContain('newer');
    await page.locator('.file-tab[value="form.json"]').click();
    await elsewhere.goto('/processes/incident/edit?file=rules.json');
    expect(await elsewhere.inputValue('#text')).toContain('newer');
    await Promise.all([page.context().close(), elsewhere.context().close()]);
  });

  it('completes keys from the published schema', async () => {
    const page = await signedIn();
    await settled(page, '/processes/incident/edit');
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('\n"des');
    await page.locator('.cm-tooltip-autocomplete').waitFor();
    expect(await page.locator('.cm-tooltip-autocomplete').textContent()).toContain('description');
    await page.context().close();
  });

  it('shows readers the process, but nothing that changes it', async () => {
    const page = await signedIn({}, 'auditor');
    await page.goto('/processes/incident');
    expect(await page.locator('.tabs a').allTextContents()).toEqual(['Drawing', 'In sentences', 'Versions', 'Scenarios']);
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });
});
