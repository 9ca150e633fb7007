import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, Visitor } from '../testServer.js';
import { startCoverageWorld } from './coverageWorld.js';

let server: TestServer;
let vera: Visitor;
beforeAll(async () => {
  server = await startCoverageWorld();
  vera = await new Visitor(server).signIn('vera');
}, 60_000);
afterAll(() => server.close());

/** Number, chip and evidence of each clause on the page. */
function clausesIn(text: string): ReadonlyMap<string, { readonly chip: string; readonly text: string }> {
  const blocks = text.split('<tbody class="clause">').slice(1);
  return new Map(
    blocks.map((block) => {
      const number = /clause-number">([^<]+)</.exec(block)?.[1] ?? '';
      const chip = /class="chip [a-z]+"><span>([^<]+)</.exec(block)?.[1] ?? '';
      return [number, { chip, text: block.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ') }];
    }),
  );
}
const look = async (query = ''): Promise<ReturnType<typeof clausesIn>> => clausesIn((await vera.get(`/audit/coverage${query}`)).text);

describe('the page “Coverage”', () => {
  it('is for auditors and those who run the system, and refused to everybody else', async () => {
    for (const [who, status] of [
      ['vera', 200],
      ['sam', 200],
      ['tom', 200],
      ['ada', 403],
    ] as const) {
      const visitor = await new Visitor(server).signIn(who);
      for (const path of ['/audit/coverage', '/audit/coverage/export', '/audit/coverage/call/0'])
        expect((await visitor.get(path)).status, `${who} ${path}`).toBe(status);
    }
    const sam = await new Visitor(server).signIn('sam');
    expect((await sam.get('/')).text).toContain('href="/audit/coverage"');
    expect((await sam.get('/audit/coverage')).text).not.toContain('href="/audit/verify"');
    expect((await sam.get('/audit')).status).toBe(403);
  });

  it('tells of every clause what proves it, what is overdue, what has no records and what nobody serves', async () => {
    const clauses = await look();
    expect(clauses.get('8.6.1')).toMatchObject({ chip: 'Covered' });
    expect(clauses.get('8.6.1')?.text).toMatch(/Calls, and how they were solved Calls 24 .* 2 .* CAL-000026 .* every month/);
    expect(clauses.get('9.2')?.chip).toBe('Overdue');
    expect(clauses.get('9.2')?.text).toContain('Checks held 9.2.2 Checks 1');
    expect(clauses.get('9.2')?.text).toContain('since 20 Jan 2026');
    expect(clauses.get('10.1')?.chip).toBe('No records');
    expect(clauses.get('5.2')).toMatchObject({ chip: 'No evidence' });
    expect(clauses.get('5.2')?.text).toContain('Served by Rules , without evidence named for it.');
    expect(clauses.get('8.7.3.1')?.chip).toBe('No evidence');
    expect(clauses.get('8.6.3')?.chip).toBe('No process');
    expect(clauses.has('8.6')).toBe(false);
    expect(clauses.size).toBeGreaterThan(45);
    expect((await vera.get('/audit/coverage')).text).toContain('<strong>51</strong>clauses ask something');
  });

  it('goes by either edition; what a process does not number has the counterpart of the list', async () => {
    const former = await look('?edition=2011');
    expect(former.get('8.1')?.text).toContain('Calls, and how they were solved');
    expect(former.get('4.5.4.2')?.text).toContain('Checks held');
    expect(former.get('4.5.4.1')?.text).toContain('Times measured');
    expect(former.get('8.2')?.chip).toBe('No process');
  });

  it('filters by clause, process and state', async () => {
    const numbers = async (query: string) => [...(await look(query)).keys()];
    expect(await numbers('?clause=8.6')).toEqual(['8.6.1', '8.6.2', '8.6.3']);
    expect(await numbers('?process=check')).toEqual(['8.5.1.1', '8.5.1.2', '8.5.1.3', '9.2', '10.1']);
    expect(await numbers('?state=overdue')).toEqual(['9.2']);
    expect(await numbers('?state=wanting')).toEqual(['10.1']);
    expect(await numbers('?state=covered')).toEqual(['8.6.1', '9.1']);
    expect(await numbers('?state=unproven&process=rule')).toEqual(['5.2', '8.7.3.1', '8.7.3.2', '8.7.3.3']);
    expect(await numbers('?state=covered&clause=4')).toEqual([]);
    expect((await vera.get('/audit/coverage?clause=8.6')).text).toMatch(/<option value="8.6" selected>\s*8.6 Resolution/);
    for (const query of ['?edition=1998', '?state=odd', '?clause=evil', '?clause=1&clause=2'])
      expect((await vera.get(`/audit/coverage${query}`)).status, query).toBe(400);
  });

  it('leads to the records behind a number, with what is missing in those that do not count', async () => {
    const complete = (await vera.get('/audit/coverage/call/0')).text;
    expect(complete.match(/href="\/record\/CAL-/g)).toHaveLength(24);
    expect(complete).toContain('Complete <span class="count">24</span>');
    expect(complete).toContain('Incomplete <span class="count">2</span>');
    const incomplete = (await vera.get('/audit/coverage/call/0?standing=incomplete')).text;
    expect(incomplete.match(/href="\/record\/CAL-/g)).toHaveLength(2);
    expect(incomplete).toContain('data-label="Not filled in">Solution</td>');
    for (const path of ['/call/99', '/call/x', '/nothing/0', '/call/0?standing=odd'])
      expect((await vera.get(`/audit/coverage${path}`)).status, path).toBeGreaterThanOrEqual(400);
  });

  it('shows nobody a record that he may not read, but says that there are some', async () => {
    const sam = await new Visitor(server).signIn('sam');
    const { status, text } = await sam.get('/audit/coverage/check/0');
    expect(status).toBe(200);
    expect(text).not.toContain('Check of the year');
    expect(text).toContain('1 more record counts, which you may not read.');
    const overview = (await sam.get('/audit/coverage?clause=9.2')).text;
    expect(overview).toContain('20 Jan 2025');
    expect(overview).not.toContain('CHK-000001');
    expect((await sam.get('/audit/coverage/export')).text).not.toContain('CHK-000001');
  });

  it('can be taken along as CSV, as it is filtered', async () => {
    const { headers, text } = await vera.get('/audit/coverage/export?state=overdue');
    expect(headers.get('content-disposition')).toContain('charter-coverage-2018-2026-01-');
    const [head, line, ...more] = text.replace('\uFEFF', '').split('\r\n');
    expect(head).toMatch(/^Edition,Clause,Title,State of the clause,Process,Evidence,State,Records/);
    expect(line).toBe('2018,9.2,Internal audit,Overdue,Checks,Checks held,Overdue,1,1,CHK-000001,2025-01-20T00:00:00.000Z,P1Y,2026-01-20T00:00:00.000Z');
    expect(more).toEqual(['']);
    expect((await vera.get('/audit/coverage/export?edition=2011')).text).toContain('2011,8.2,Problems,No process,');
  });
});
