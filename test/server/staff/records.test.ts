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

const report = { 'f.summary': 'Mail does not arrive', 'f.impact': 'medium', 'f.urgency': 'high', 'f.contactType': 'portal' };

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
