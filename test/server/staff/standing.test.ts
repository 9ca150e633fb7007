import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestServer, type TestServer, Visitor } from '../testServer.js';

const HOUR = 3_600_000;
let server: TestServer;
let wall = Date.parse('2026-03-02T09:00:00Z');
beforeAll(async () => {
  server = await startTestServer({
    wall: () => wall,
    users: [
      { id: 'ada', name: 'Ada Lovelace', roles: ['service-desk', 'support-agent'] },
      { id: 'bob', name: 'Bob Hopper', roles: ['service-desk', 'support-agent'] },
      { id: 'rita', name: 'Rita Reader', roles: ['employee'] },
    ],
  });
});
afterAll(() => server.close());

const actor = (id: string) => ({ id, roles: ['service-desk', 'support-agent'], teams: [] });
const data = { summary: 'Mail does not arrive', caller: 'Walk-in', impact: 'medium', urgency: 'high', contactType: 'portal' };

async function open(): Promise<{ readonly number: string; readonly version: number }> {
  return (await server.engine.create({ process: 'incident', data, actor: actor('ada') })).record;
}

const ask = (visitor: Visitor, number: string, version: number | string): Promise<Answer> =>
  visitor.request(`/record/${number}/standing?version=${version}`, { headers: { accept: 'application/json' } });

const resolve = (number: string) =>
  server.engine.send({ record: number, type: 'RESOLVE', data: { resolutionCode: 'solved', resolution: 'Done.' }, actor: actor('bob') });

describe('an open page of a record', () => {
  it('knows where to ask, from which version on and how often', async () => {
    const { number, version } = await open();
    const page = await (await new Visitor(server).signIn('ada')).get(`/record/${number}`);
    expect(page.text).toContain(`data-standing="/record/${number}/standing" data-version="${version}" data-every="15000"`);
    expect(page.text).toContain('<template id="standing-news">');
  });

  it('hears nothing while nothing happens', async () => {
    const { number, version } = await open();
    const answer = await ask(await new Visitor(server).signIn('ada'), number, version);
    expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([204, '', 'no-store']);
  });

  it('hears who changed it and where it stands, and nothing more once it knows', async () => {
    const { number, version } = await open();
    const ada = await new Visitor(server).signIn('ada');
    const { record } = await resolve(number);
    const answer = await ask(ada, number, version);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(JSON.parse(answer.text)).toEqual({
      version: record.version,
      who: 'Bob Hopper',
      what: 'did “Resolve”',
      state: 'Awaiting confirmation',
      at: '2026-03-02T09:00:00.000Z',
      finished: false,
    });
    expect((await ask(ada, number, record.version)).status).toBe(204);
    await server.engine.comment({ record: number, actor: actor('ada'), text: 'Good.' });
    expect(JSON.parse((await ask(ada, number, record.version)).text)).toMatchObject({ who: 'Ada Lovelace', what: 'wrote a comment', state: '' });
    expect(JSON.parse((await ask(ada, number, version)).text)).toMatchObject({ who: 'Ada Lovelace', what: 'wrote a comment', state: 'Awaiting confirmation' });
  });

  it('hears what time did, and that there is nothing more to come; then it asks no more', async () => {
    const { number } = await open();
    const ada = await new Visitor(server).signIn('ada');
    const { version } = (await resolve(number)).record;
    await server.engine.advanceTo(server.clock.now() + 60 * 24 * HOUR);
    expect(JSON.parse((await ask(ada, number, version)).text)).toMatchObject({ who: 'Charter', finished: true });
    expect((await ada.get(`/record/${number}`)).text).not.toContain('data-standing');
  });
});

describe('a question about a record', () => {
  it('is refused like its page to who is not signed in and to who may not read it', async () => {
    const { number, version } = await open();
    const [stranger, rita] = [new Visitor(server), await new Visitor(server).signIn('rita')];
    expect((await ask(stranger, number, version)).status).toBe(401);
    const refused = await ask(rita, number, version);
    expect([refused.status, (await rita.get(`/record/${number}`)).status]).toEqual([404, 404]);
    expect((await ask(rita, number, 0)).status).toBe(404);
    expect((await ask(rita, 'INC-999999', 0)).status).toBe(404);
  });

  it.each(['', '-1', 'one', '1.5', '99999999999'])('must say a version: “%s” is none', async (version) => {
    const { number } = await open();
    const answer = await ask(await new Visitor(server).signIn('ada'), number, version);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'QUERY_INVALID']);
  });

  it('does not keep a session alive whose person has gone, while pages do', async () => {
    const { number, version } = await open();
    const [gone, here] = [await new Visitor(server).signIn('ada'), await new Visitor(server).signIn('ada')];
    wall += 7 * HOUR;
    expect((await ask(gone, number, version)).status).toBe(204);
    expect((await here.get(`/record/${number}`)).status).toBe(200);
    wall += 2 * HOUR;
    expect((await ask(gone, number, version)).status).toBe(401);
    expect((await ask(here, number, version)).status).toBe(204);
  });

  it('counts against nobody who signs in, however many there are', async () => {
    const { number, version } = await open();
    const [ada, stranger] = [await new Visitor(server).signIn('ada'), new Visitor(server)];
    for (let asked = 0; asked < 130; asked += 1) {
      expect((await ask(ada, number, version)).status).toBe(204);
      expect((await ask(stranger, number, version)).status).toBe(401);
    }
    await expect(new Visitor(server).signIn('bob')).resolves.toBeDefined();
  });
});
