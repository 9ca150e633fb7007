import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { axe, complaints, openBrowser, screenshot, scrollsSideways, type TestBrowser } from './harness.js';
import { looks, obstaclesOn, type PageToSee } from './usable.js';

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const document = (body: string): string =>
  `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>Trial</title></head><body><main><h1>Trial</h1>${body}</main></body></html>`;
const pages: Readonly<Record<string, string>> = {
  '/good': document('<p>Content</p>'),
  '/faulty': document('<img src="/picture.png"><input type="text">'),
  '/forbidden': document('<script>document.title = "Broken in"</script>'),
  '/scripted': document('<script src="/script.js"></script>'),
  '/night': document('<link rel="stylesheet" href="/night.css"><p>Content</p>'),
  '/night.css': '@media (prefers-color-scheme: dark) { html { background: #222; color: #333; } }',
  '/wide': document('<link rel="stylesheet" href="/wide.css"><p>Content</p>'),
  '/wide.css': 'p { width: 600px; }',
  '/script.js': 'document.title = "Scripted"',
};

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

describe('the browser that pages are tested with', () => {
  let browser: TestBrowser;
  let server: Server;
  let address: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const page = pages[request.url ?? ''];
      const type = types[extname(request.url ?? '')] ?? 'text/html; charset=utf-8';
      response.writeHead(page ? 200 : 404, { 'content-type': type, 'content-security-policy': policy }).end(page ?? document('<p>Not here</p>'));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it('checks accessibility under a strict content security policy', async () => {
    const page = await browser.newPage({ baseURL: address });
    await page.goto('/good');
    expect(await axe(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    await page.goto('/faulty');
    expect((await axe(page)).map((violation) => violation.rule)).toEqual(expect.arrayContaining(['image-alt', 'label']));
  });

  it('takes a picture of the page where pictures are asked for', async () => {
    const page = await browser.newPage({ baseURL: address, dark: true, phone: true });
    await page.goto('/good');
    expect(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).toBe(true);
    const folder = mkdtempSync(join(tmpdir(), 'charter-pictures-'));
    vi.stubEnv('CHARTER_SCREENSHOTS', folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    });
    await screenshot(page, 'harness-trial');
    const picture = readFileSync(join(folder, 'harness-trial.png'));
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  it.each(looks)('tells what keeps people from using a page, and which one ($name)', async (look) => {
    const page = await browser.newPage({ baseURL: address, ...look.options });
    const seen: PageToSee[] = ['good', 'faulty', 'night', 'wide', 'forbidden', 'gone'].map((name) => [name, `/${name}`]);
    const obstacles = await obstaclesOn(page, look, [...seen, ['missed', '/missed', 404]]);
    const only = { light: ['faulty'], dark: ['faulty', 'night'], phone: ['faulty', 'wide'] };
    expect(Object.keys(obstacles).sort()).toEqual([...only[look.name], 'forbidden', 'gone'].sort());
    // All rules see an image without a text; a dark page is asked about its colours only.
    expect(JSON.stringify(obstacles.faulty).includes('image-alt')).toBe(look.name !== 'dark');
    expect(obstacles.gone).toContain('answered 404');
    expect(String(obstacles.forbidden)).toContain('Content Security Policy');
  });

  it('tells what the content security policy refused', async () => {
    const page = await browser.newPage({ baseURL: address });
    await page.goto('/forbidden');
    expect(await page.title()).toBe('Trial');
    expect(complaints(page).join('\n')).toContain('Content Security Policy');
  });

  it('runs the scripts of pages, or leaves them out', async () => {
    const titles = await Promise.all(
      [true, false].map(async (javascript) => {
        const page = await browser.newPage({ baseURL: address, javascript });
        await page.goto('/scripted');
        return page.title();
      }),
    );
    expect(titles).toEqual(['Scripted', 'Trial']);
  });
});
