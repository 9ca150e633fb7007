import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.js';

export interface PageOptions {
  /** Asks for the dark colours. */
  readonly dark?: boolean;
  /** A phone's screen with touch. */
  readonly phone?: boolean;
  /** `false` switches scripts off, as a reader without JavaScript has it. */
  readonly javascript?: boolean;
  /** Cookies of another page's session: `await other.context().storageState()`. */
  readonly storageState?: BrowserContextOptions['storageState'];
  /** Prefix of relative addresses. */
  readonly baseURL?: string;
}

export interface TestBrowser {
  /** A page in a session of its own; times are UTC. */
  newPage(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

/** One accessibility violation: the rule, what it means, and where. */
export interface Violation {
  readonly rule: string;
  readonly help: string;
  readonly places: readonly string[];
}

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

const complaintsByPage = new WeakMap<Page, string[]>();

/** Starts Chromium; the caller closes it. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ ...findChromium(), args: launchArguments, headless: true });
  return { newPage: (options) => newPage(browser, options), close: () => browser.close() };
}

async function newPage(browser: Browser, options: PageOptions = {}): Promise<Page> {
  const screen = options.phone
    ? { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
    : { viewport: { width: 1280, height: 900 } };
  const context = await browser.newContext({
    ...screen,
    colorScheme: options.dark ? 'dark' : 'light',
    javaScriptEnabled: options.javascript ?? true,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...(options.storageState ? { storageState: options.storageState } : {}),
    ...(options.baseURL ? { baseURL: options.baseURL } : {}),
  });
  const page = await context.newPage();
  complaintsByPage.set(page, listen(page));
  return page;
}

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** What went wrong in the page since it was opened: script errors, refused by the content security policy, files not found. */
export function complaints(page: Page): readonly string[] {
  return complaintsByPage.get(page) ?? [];
}

/** Accessibility violations of the page as it stands (WCAG 2.2 A and AA, best practices), by all rules or `only` some. Needs a page with scripts switched on. */
export async function axe(page: Page, only: readonly string[] = []): Promise<readonly Violation[]> {
  const builder = new AxeBuilder({ page });
  const rules = only.length > 0 ? builder.withRules([...only]) : builder;
  // Our pages have no frames, whose results would have to be added up in a second page.
  const { violations } = await rules.setLegacyMode().analyze();
  return violations.map(({ id, help, nodes }) => ({ rule: id, help, places: nodes.map((node) => node.target.join(' ')) }));
}

/** True when the page is wider than its screen, so that a reader must scroll sideways. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

/** Saves a picture of the whole page as `<name>.png` in the folder `CHARTER_SCREENSHOTS`; without one no pictures are taken. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.CHARTER_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
}
