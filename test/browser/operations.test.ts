import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTroubledServer, type Troubled } from '../server/monitoring/troubledServer.js';
import { PASSWORD } from '../server/testServer.js';
import { axe, complaints, openBrowser, type PageOptions, screenshot, scrollsSideways, type TestBrowser } from './harness.js';

let world: Troubled;
let browser: TestBrowser;
beforeAll(async () => {
  world = await startTroubledServer();
  await world.create({ amount: 0 });
  const telling = await world.create({ amount: 10 });
  await world.say(telling.id);
  await world.server.engine.wake();
  await world.wait(5 * 3_600_000);
  // Left alone since: a timer that is late.
  await world.create({ amount: 10 });
  world.server.clock.set(world.server.clock.now() + 600_000);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function signedIn(options: PageOptions) {
  const page = await browser.newPage({ ...options, baseURL: world.server.url });
  await page.goto('/sign-in');
  await page.fill('#field-name', 'root');
  await page.fill('#field-password', PASSWORD);
  await page.click('button[type=submit]');
  return page;
}

const looks: readonly (readonly [string, PageOptions])[] = [
  ['desk', {}],
  ['phone', { phone: true }],
  ['dark', { dark: true }],
];

describe('the page of operations, full of trouble', () => {
  it.each(looks)(
    'is accessible, fits its screen and complains of nothing (%s)',
    async (look, options) => {
      const page = await signedIn(options);
      await page.goto('/admin/operations');
      expect(await axe(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      expect(complaints(page)).toEqual([]);
      await screenshot(page, `operations-${look}`);
    },
    120_000,
  );

  it('has things tried again without JavaScript', async () => {
    const page = await signedIn({ javascript: false, phone: true });
    await page.goto('/admin/operations');
    await page.click('form:has(input[value="effects"]) button');
    expect(await page.textContent('.notice.good')).toContain('It will be tried again now.');
    expect(await page.textContent('main')).toContain('All parked deliveries');
  }, 60_000);
});
