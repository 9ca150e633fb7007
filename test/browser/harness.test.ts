import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, complaints, openBrowser, screenshot, scrollsSideways, type TestBrowser } from './harness.js';

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const document = (body: string): string =>
  `<!doctype html><html lang="en"><head><title>Trial</title></head><body><main><h1>Trial</h1>${body}</main></body></html>`;
const pages: Readonly<Record<string, string>> = {
  '/good': document('<p>Content</p>'),
  '/faulty': document('<img src="/picture.png"><input type="text">'),
  '/forbidden': document('<script>document.title = "Broken in"</script>'),
  '/scripted': document('<script src="/script.js"></script>'),
  '/script.js': 'document.title = "Scripted"',
};

describe('the browser that pages are tested with', () => {
  let browser: TestBrowser;
  let server: Server;
  let address: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const page = pages[request.url ?? ''];
      const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
      response.writeHead(page ? 200 : 404, { 'content-type': type, 'content-security-policy': policy }).end(page ?? '');
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

  it('takes a picture of the page', async () => {
    const page = await browser.newPage({ baseURL: address, dark: true, phone: true });
    await page.goto('/good');
    expect(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).toBe(true);
    const picture = readFileSync(await screenshot(page, 'harness-trial'));
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG');
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
