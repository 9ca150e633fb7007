import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Visitor } from '../testServer.js';
import { type AuditWorld, startAuditWorld } from './world.js';

let world: AuditWorld;
let vera: Visitor;
let number: string;
beforeAll(async () => {
  world = await startAuditWorld();
  vera = await world.as('vera');
  number = world.numbers.working ?? '';
});
afterAll(() => world.server.close());

const page = async (query = '') => {
  const answer = await vera.get(`/audit/records/${number}${query}`);
  expect(answer.status, query).toBe(200);
  return answer.text;
};
const steps = async () => (await world.server.engine.record(number, { id: 'vera', roles: ['auditor'], teams: [] })).version;

describe('a record as it was', () => {
  it('stands where it stood after each of its steps, with the fields it had', async () => {
    const first = await page('?step=1');
    expect(first).toContain('as it was after step 1');
    expect(first.slice(0, first.indexOf('stepper'))).toContain('New');
    expect(first.slice(first.indexOf('aria-label="Fields"'), first.indexOf('drawing-title'))).not.toContain('Network team');
    const third = await page('?step=3');
    expect(third.slice(0, third.indexOf('stepper'))).toContain('Assigned');
    expect(third.slice(third.indexOf('aria-label="Fields"'), third.indexOf('drawing-title'))).toContain('Network team');
    expect(third).toContain('drawing-current');
  });

  it('is stepped through by links alone', async () => {
    const last = await steps();
    let text = await page();
    expect(text).toContain(`as it was after step ${last}`);
    for (let step = last - 1; step >= 1; step -= 1) {
      const href = /href="([^"]+)" rel="prev"/.exec(text)?.[1]?.replaceAll('&#x3D;', '=');
      expect(href).toBe(`/audit/records/${number}?step=${step}`);
      text = (await vera.get(href ?? '')).text;
    }
    expect(text).not.toContain('rel="prev"');
  });

  it('is shown at any instant of the reader’s zone', async () => {
    expect(await page('?at=2026-03-02T10:09')).toContain('as it was after step 2');
    // Ten past ten, all of that minute: the assignment and two comments.
    expect(await page('?at=2026-03-02T10:10')).toContain('as it was after step 5');
    expect(await page('?at=2026-03-02T09:10:00Z')).toContain('as it was after step 5');
    expect(await page('?at=2000-01-01T00:00')).toContain('It did not exist yet.');
  });

  it('has its clocks as they stood then, and none that tick', async () => {
    const text = await page('?step=3');
    expect(text).toContain('3 h 50 min left');
    expect(text).not.toContain('data-due');
  });

  it.each(['?step=0', '?step=999', '?step=x', '?at=never'])('refuses %s', async (query) => {
    expect((await vera.get(`/audit/records/${number}${query}`)).status).toBe(400);
  });

  it('is not found when there is none', async () => {
    expect((await vera.get('/audit/records/INC-999999')).status).toBe(404);
  });
});

describe('the difference between two steps', () => {
  it('names fields, states, clocks and the steps between, whichever comes first', async () => {
    for (const query of ['from=1&to=6', 'from=6&to=1']) {
      const { status, text } = await vera.get(`/audit/records/${number}/differences?${query}`);
      expect(status).toBe(200);
      for (const part of ['Assignee', 'Ada Lovelace', 'Network team', 'In progress', 'Resolution', '3 h 30 min left']) expect(text).toContain(part);
      expect(text.split('id="entry-').length - 1).toBe(5);
    }
    expect((await vera.get(`/audit/records/${number}/differences?from=2&to=2`)).text).toContain('All fields are the same.');
  });

  it.each(['', '?from=1', '?from=1&to=99'])('refuses «%s»', async (query) => {
    expect((await vera.get(`/audit/records/${number}/differences${query}`)).status).toBe(400);
  });
});
