import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer, Visitor } from '../testServer.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    users: [
      { id: 'ada', name: 'Ada Lovelace', roles: ['service-desk', 'support-agent'], teams: ['service-desk'] },
      { id: 'bob', name: 'Bob Hopper', roles: ['service-desk'], teams: ['service-desk'] },
      { id: 'rita', name: 'Rita Reader', roles: ['employee'] },
    ],
  });
  await server.engine.people.saveTeam({ id: 'service-desk', title: 'Service desk', email: null });
});
afterAll(() => server.close());

const report = { 'f.summary': 'Mail does not arrive', 'f.caller': 'Walk-in', 'f.impact': 'medium', 'f.urgency': 'high', 'f.contactType': 'portal' };

/** Opens an incident through its page; the number. */
async function open(visitor: Visitor, more: Record<string, string> = {}): Promise<string> {
  await visitor.get('/process/incident/new');
  const answer = await visitor.post('/process/incident/new', { _once: visitor.hidden('_once'), ...report, ...more });
  expect(answer.location, answer.text.slice(0, 4000)).toMatch(/^\/record\/INC-\d+$/);
  return String(answer.location).slice('/record/'.length);
}

describe('opening a record', () => {
  it('asks what the process asks, and leads to the record', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    const page = await ada.get(`/record/${number}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Mail does not arrive');
    expect(page.text).toContain('What can be done now');
  });

  it('counts once when the form is sent twice', async () => {
    const ada = await new Visitor(server).signIn('ada');
    await ada.get('/process/incident/new');
    const form = { _once: ada.hidden('_once'), ...report, 'f.summary': 'Sent twice by a trembling hand' };
    const answers = await Promise.all([ada.post('/process/incident/new', form), ada.post('/process/incident/new', form)]);
    expect(answers[0]?.location).toBe(answers[1]?.location);
    const found = await server.engine.list({ q: 'trembling', limit: 10 }, { id: 'ada', roles: ['service-desk'], teams: [] });
    expect(found.items).toHaveLength(1);
  });

  it('names the field that is refused and keeps what was typed', async () => {
    const ada = await new Visitor(server).signIn('ada');
    await ada.get('/process/incident/new');
    const answer = await ada.post('/process/incident/new', {
      ...report,
      'f.summary': 'x',
      'f.description': 'A long story, <b>kept</b>',
      'f.usersAffected': 'many',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('A long story, &lt;b&gt;kept&lt;/b&gt;');
    expect(answer.text).toContain('value="many"');
    expect(answer.text).toContain('Type a number.');
    expect(answer.text).toContain('aria-invalid="true"');
  });
});

describe('taking a step', () => {
  it('moves the record and says so', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    await ada.get(`/record/${number}/step/ASSIGN`);
    const answer = await ada.post(`/record/${number}/step/ASSIGN`, {
      _version: ada.hidden('_version'),
      _once: ada.hidden('_once'),
      'f.team': 'service-desk',
      'f.assignee': 'ada',
    });
    expect(answer.location).toBe(`/record/${number}`);
    const page = await ada.get(`/record/${number}`);
    expect(page.text).toContain('Assign: done.');
    expect(page.text).toContain('Assigned');
  });

  it('counts once when the form is sent twice, though the record has moved on', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    await ada.get(`/record/${number}/step/RESOLVE`);
    const form = { _version: ada.hidden('_version'), _once: ada.hidden('_once'), 'f.resolutionCode': 'solved', 'f.resolution': 'Turned it off and on.' };
    const first = await ada.post(`/record/${number}/step/RESOLVE`, form);
    const before = (await server.engine.record(number, { id: 'ada', roles: ['service-desk'], teams: [] })).version;
    const second = await ada.post(`/record/${number}/step/RESOLVE`, form);
    expect([first.status, second.status]).toEqual([303, 303]);
    expect((await server.engine.record(number, { id: 'ada', roles: ['service-desk'], teams: [] })).version).toBe(before);
    expect((await ada.get(`/record/${number}`)).text).toContain('it counted once');
  });

  it('tells the second of two people what the first changed, and keeps what he typed', async () => {
    const [ada, bob] = await Promise.all([new Visitor(server).signIn('ada'), new Visitor(server).signIn('bob')]);
    const number = await open(ada);
    const path = `/record/${number}/step/UPDATE`;
    await ada.get(path);
    await bob.get(path);
    const base = { 'f.summary': 'Mail does not arrive', 'f.caller': 'Walk-in', 'f.impact': 'medium' };
    expect((await ada.post(path, { ...base, _version: ada.hidden('_version'), 'f.urgency': 'low', 'f.location': 'Room 12' })).status).toBe(303);
    const refused = await bob.post(path, { ...base, _version: bob.hidden('_version'), 'f.urgency': 'high', 'f.location': 'Basement' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Somebody was faster');
    expect(refused.text).toContain('Room 12');
    expect(refused.text).toContain('value="Basement"');
    const again = await bob.post(path, { ...base, _version: bob.hidden('_version'), 'f.urgency': 'high', 'f.location': 'Basement' });
    expect(again.status).toBe(303);
  });

  it('shows what was refused, and nothing changed', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    await ada.get(`/record/${number}/step/RESOLVE`);
    const answer = await ada.post(`/record/${number}/step/RESOLVE`, {
      _version: ada.hidden('_version'),
      'f.resolutionCode': '',
      'f.resolution': 'Half an answer',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Half an answer');
    expect(answer.text).toContain('aria-invalid="true"');
    expect((await server.engine.record(number, { id: 'ada', roles: ['service-desk'], teams: [] })).version).toBe(1);
  });

  it('refuses events of the engine however they are dressed', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    for (const event of ['clock.resolution.breached', 'xstate.init', 'after.x', 'record.comment', 'NO_SUCH']) {
      const answer = await ada.post(`/record/${number}/step/${event}`, {});
      expect(answer.status, event).toBeGreaterThanOrEqual(400);
      expect(answer.status, event).toBeLessThan(500);
    }
    expect((await server.engine.record(number, { id: 'ada', roles: ['service-desk'], teams: [] })).version).toBe(1);
  });

  it('finds a record for a field without losing what was typed', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada, { 'f.summary': 'Lighthouse is dark' });
    const other = await open(ada);
    await ada.get(`/record/${other}/step/MERGE`);
    const found = await ada.post(`/record/${other}/step/MERGE`, { _find: 'f.mergedInto', 'f.mergedInto': 'lighthouse' });
    expect(found.status).toBe(200);
    expect(found.text).toContain(`<option value="${number}">`);
    expect(found.text).toContain('value="lighthouse"');
  });
});

describe('what others may not see', () => {
  it('is not there: a stranger gets 404 for the record, its steps, its files', async () => {
    const [ada, rita] = await Promise.all([new Visitor(server).signIn('ada'), new Visitor(server).signIn('rita')]);
    const number = await open(ada);
    for (const path of [`/record/${number}`, `/record/${number}/step/RESOLVE`, `/record/${number}/drawing`])
      expect((await rita.get(path)).status, path).toBe(404);
    await rita.get('/');
    expect((await rita.post(`/record/${number}/comments`, { text: 'hello' })).status).toBe(404);
    expect((await rita.get('/search?q=arrive')).text).not.toContain(number);
  });

  it('stays internal: the requester sees comments for him, not those of the staff', async () => {
    const [ada, rita] = await Promise.all([new Visitor(server).signIn('ada'), new Visitor(server).signIn('rita')]);
    const number = await open(ada, { 'f.requester': 'rita' });
    for (const [text, internal] of [
      ['For you, Rita', 'false'],
      ['Between us only', 'true'],
    ] as const) {
      await ada.get(`/record/${number}`);
      expect((await ada.post(`/record/${number}/comments`, { text, internal, _once: ada.hidden('_once') })).status).toBe(303);
    }
    expect((await ada.get(`/record/${number}`)).text).toContain('Between us only');
    const page = (await rita.get(`/record/${number}`)).text;
    expect(page).toContain('For you, Rita');
    expect(page).not.toContain('Between us only');
  });
});

describe('W5: files', () => {
  async function upload(visitor: Visitor, number: string, name: string, content: string) {
    await visitor.get(`/record/${number}`);
    const body = new FormData();
    body.set('_csrf', visitor.csrf);
    body.set('_once', visitor.hidden('_once'));
    body.set('file', new Blob([content], { type: 'text/html' }), name);
    return visitor.request(`/record/${number}/attachments`, { method: 'POST', body, headers: { origin: server.url } });
  }

  it('come back as downloads that no browser runs, whatever they are called', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    expect((await upload(ada, number, '../../Übel "name".html', '<script>alert(1)</script>')).status).toBe(303);
    const href = /href="(\/attachments\/[0-9a-f-]{36})"/.exec((await ada.get(`/record/${number}`)).text)?.[1] ?? '';
    const answer = await ada.get(href);
    expect(answer.text).toBe('<script>alert(1)</script>');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w. -]+"; filename\*=UTF-8''/);
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('that are empty are refused on the page they came from', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    const answer = await upload(ada, number, 'empty.txt', '');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Choose a file that is not empty.');
  });

  it('that are too large are refused', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada);
    expect((await upload(ada, number, 'large.bin', 'x'.repeat(21 * 1024 * 1024))).status).toBe(413);
  });
});

describe('B3: hostile text', () => {
  it('is shown as text everywhere', async () => {
    const hostile = '"><img src=x onerror=alert(1)>{{7*7}}<script>alert(2)</script>';
    const ada = await new Visitor(server).signIn('ada');
    const number = await open(ada, { 'f.summary': hostile, 'f.description': hostile });
    await ada.get(`/record/${number}`);
    await ada.post(`/record/${number}/comments`, { text: hostile });
    for (const path of [`/record/${number}`, '/process/incident', '/', `/record/${number}/step/UPDATE`, `/search?q=${encodeURIComponent(hostile)}`]) {
      const page = await ada.get(path);
      expect(page.status, path).toBe(200);
      expect(page.text, path).not.toContain('<img src=x');
      expect(page.text, path).not.toContain('<script>alert');
    }
  });
});

describe('lists', () => {
  it('filter, sort and page by keyset, and a search for a number leads to its record', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const numbers: string[] = [];
    for (let count = 0; count < 3; count += 1) numbers.push(await open(ada, { 'f.summary': `Elevator ${count} is stuck`, 'f.team': 'service-desk' }));
    expect((await ada.get('/process/incident?q=elevator&sort=title&direction=asc')).text).toMatch(/Elevator 0[\s\S]*Elevator 1[\s\S]*Elevator 2/);
    expect((await ada.get('/process/incident?q=elevator&sort=title&direction=desc')).text).toMatch(/Elevator 2[\s\S]*Elevator 0/);
    expect((await ada.get('/process/incident?view=done&q=elevator')).text).toContain('Nothing fits these filters.');
    expect((await ada.get(`/search?q=${numbers[0]?.toLowerCase()}`)).location).toBe(`/record/${numbers[0]}`);
    expect((await ada.get('/search?q=elevator')).text).toContain('Elevator 1');
  });
});
