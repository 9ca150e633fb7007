import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer, Visitor } from '../testServer.js';

let server: TestServer;
let numbers: { first: string; second: string; third: string; alone: string };
const ada = { id: 'ada', roles: ['service-desk'], teams: [] };
const report = { caller: 'Walk-in', impact: 'low', urgency: 'low', contactType: 'portal' };

beforeAll(async () => {
  server = await startTestServer({
    users: [
      { id: 'ada', name: 'Ada Lovelace', roles: ['service-desk'] },
      { id: 'rita', name: 'Rita Reader', roles: ['employee'] },
    ],
  });
  const { engine } = server;
  await engine.users();
  const make = async (summary: string, requester?: string) =>
    (await engine.create({ process: 'incident', data: { ...report, summary, ...(requester ? { requester } : {}) }, actor: ada })).record;
  const [first, second, third, alone] = [await make('Mail <b>down</b>', 'rita'), await make('Mail slow'), await make('Cannot send'), await make('Printer')];
  await engine.link({ record: first.id, name: 'related', to: second.id, actor: ada });
  await engine.link({ record: second.id, name: 'related', to: third.id, actor: ada });
  numbers = { first: first.number, second: second.number, third: third.number, alone: alone.number };
});
afterAll(() => server.close());

const page = async (who: string, path: string) => (await new Visitor(server).signIn(who)).get(path);

describe('the page of what a record is connected with', () => {
  it('is led to from the record', async () => {
    expect((await page('ada', `/record/${numbers.first}`)).text).toContain(`href="/record/${numbers.first}/connections"`);
  });

  it('draws what is two connections away, each a link to its record, and says the same in words', async () => {
    const { text, status } = await page('ada', `/record/${numbers.first}/connections`);
    expect(status).toBe(200);
    for (const number of [numbers.second, numbers.third]) expect(text).toContain(`<a href="/record/${number}"><g class="neighbour`);
    expect(text).toContain('<td data-label="Connection">Related to</td>');
    expect(text).not.toContain('Mail <b>down');
  });

  it('says so when there is nothing', async () => {
    expect((await page('ada', `/record/${numbers.alone}/connections`)).text).toContain('Nothing you may see is connected with it.');
  });

  it('shows nobody what he may not see', async () => {
    const { text } = await page('rita', `/record/${numbers.first}/connections`);
    expect(text).not.toContain('Mail slow');
    expect(text).not.toContain(numbers.second);
    expect((await page('rita', `/record/${numbers.second}/connections`)).status).toBe(404);
  });
});
