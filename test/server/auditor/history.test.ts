import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Visitor } from '../testServer.js';
import { type AuditWorld, startAuditWorld } from './world.js';

let world: AuditWorld;
let vera: Visitor;
beforeAll(async () => {
  world = await startAuditWorld();
  vera = await world.as('vera');
  const desk = { id: 'ada', roles: ['service-desk', 'support-agent', 'employee'], teams: ['network'] };
  await world.server.engine.create({
    process: 'incident',
    actor: desk,
    data: { summary: '=HYPERLINK("http://evil","x")', description: 'A bell? <b>& "quotes"</b>\nsecond line', caller: '+1 555', impact: 'low', urgency: 'low' },
  });
});
afterAll(() => world.server.close());

const entryCount = (text: string): number => text.split('id="entry-').length - 1;
const total = async (): Promise<number> => (await world.server.engine.kept()).entries;

async function readAll(path: string): Promise<number> {
  let [seen, next] = [0, path];
  for (;;) {
    const { text, status } = await vera.get(next);
    expect(status).toBe(200);
    seen += entryCount(text);
    const link = /href="([^"]+)" rel="next"/.exec(text)?.[1];
    if (!link) return seen;
    next = link.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
  }
}

describe('the history across records', () => {
  it('shows every entry once, page after page, in either order', async () => {
    expect(await readAll('/audit/history')).toBe(await total());
    expect(await readAll('/audit/history?order=oldest')).toBe(await total());
  });

  it('shows who, when it counts and when it was recorded, what changed, from where to where, under which version, and the seal', async () => {
    const { text } = await vera.get(`/audit/history?record=${world.numbers.working}&order=oldest`);
    const [entry] = (await world.server.engine.history(world.numbers.working ?? '', { id: 'vera', roles: ['auditor'], teams: [] }, { limit: 1 })).items;
    for (const part of ['Rita Reader', 'Ada Lovelace', 'did “Assign”', 'New', 'Assigned', entry?.hash, entry?.definition, 'Network team', 'recorded'])
      expect(text).toContain(part);
    expect(text).toContain('The new certificate is in place &lt;b&gt;since noon&lt;/b&gt;.');
    // Berlin is an hour ahead of UTC in March.
    expect(text).toContain('10:10:00');
  });

  it('says what was erased without showing it', async () => {
    const { text } = await vera.get(`/audit/history?record=${world.numbers.related}&order=oldest`);
    expect(text).toContain('Erased, and so no longer shown');
    expect(text).not.toContain('Marketing');
  });

  it.each([
    ['process=incident&actor=ada&origin=person', 'Ada Lovelace', 'Rita Reader opened'],
    ['actor=Ada+Lovelace', 'Ada Lovelace', 'Max Muster'],
    ['event=ASSIGN', 'did “Assign”', 'opened this'],
    ['origin=timer', 'warned that', 'opened this'],
    ['event=erased', 'erased personal data', 'opened this'],
  ])('filters by %s', async (query, shown, hidden) => {
    const { text } = await vera.get(`/audit/history?${query}`);
    expect(entryCount(text)).toBeGreaterThan(0);
    expect(text).toContain(shown);
    expect(text.slice(text.indexOf('class="ledger"'))).not.toContain(hidden);
  });

  it('takes instants in the reader’s zone', async () => {
    const inside = await vera.get('/audit/history?event=ASSIGN&from=2026-03-02T10:10&before=2026-03-02T10:11');
    expect(entryCount(inside.text)).toBe(1);
    expect(entryCount((await vera.get('/audit/history?event=ASSIGN&from=2026-03-02T09:10&before=2026-03-02T09:11')).text)).toBe(0);
  });

  it.each([
    ['from=yesterday', 'Choose a date and a time.'],
    ['from=2026-03-02T10:00&before=2026-03-01T10:00', 'This must be later than'],
    ['record=INC-999999', 'There is no record with this number.'],
    ['record=%25', 'There is no record with this number.'],
  ])('tells beside the field what is wrong with %s', async (query, message) => {
    const { status, text } = await vera.get(`/audit/history?${query}`);
    expect(status).toBe(400);
    expect(text).toContain(message);
  });

  it.each(['origin=nobody', 'order=up', 'cursor=x', 'process=nowhere', `event=${'x'.repeat(501)}`, 'origin=api&origin=person'])('refuses %s', async (query) => {
    expect([400, 404]).toContain((await vera.get(`/audit/history?${query}`)).status);
  });
});

describe('the export of the history', () => {
  const download = async (query: string) => {
    const answer = await vera.get(`/audit/history/export?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="charter-history-2026-03-04\.\w+"$/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    return answer.text;
  };

  it('as CSV holds every entry, and nothing a spreadsheet would run', async () => {
    const text = await download('format=csv');
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(await total());
    expect(rows.flatMap(Object.values).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(rows.find((row) => row.Event === 'ASSIGN')).toMatchObject({ Who: 'ada', Name: 'Ada Lovelace', To: 'Assigned' });
  });

  it('as JSON lines holds every entry as the API has it', async () => {
    const lines = (await download('format=jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(await total());
    expect(lines.every((line) => typeof line.hash === 'string' && typeof line.number === 'string')).toBe(true);
  });

  it('as XES is well-formed, a trace a record, without what XML has no way to write', async () => {
    const text = await download('format=xes');
    expect([...text].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
    expect(text.split('<trace>').length - 1).toBe((await world.server.engine.kept()).records);
    expect(text.split('<event>').length - 1).toBe(await total());
    expect(text.trimEnd().endsWith('</log>')).toBe(true);
    expect(text).toContain('&lt;b&gt;&amp; &quot;quotes&quot;&lt;/b&gt;&#10;second line');
  });

  it('keeps to the filters', async () => {
    const rows = parse(await download('format=csv&event=ASSIGN'), { columns: true }) as Record<string, string>[];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.Event === 'ASSIGN')).toBe(true);
    const xes = await download(`format=xes&record=${world.numbers.working}&origin=person`);
    expect(xes.split('<trace>').length - 1).toBe(1);
    expect(xes).not.toContain('value="timer"');
  });

  it.each(['', 'format=xml', 'format=csv&from=never', 'format=xes&record=INC-999999', 'format=csv&process=nowhere', 'format=jsonl&record=INC-999999'])(
    'refuses «%s» before anything is sent',
    async (query) => {
      const answer = await vera.get(`/audit/history/export?${query}`);
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers.get('content-disposition')).toBeNull();
    },
  );
});
