import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeUnderTest } from '../../databases.js';
import { type Client, type OwnerServer, startOwnerServer } from './server.js';

let server: OwnerServer;
let owner: Client;
let auditor: Client;
let agent: Client;

beforeAll(async () => {
  server = await startOwnerServer();
  [owner, auditor, agent] = await Promise.all([server.as('owner'), server.as('auditor'), server.as('agent')]);
});
afterAll(() => server.close());

const READING = ['', '/drawing.svg', '/sentences', '/versions', '/scenarios'].map((path) => `/processes/incident${path}`);
const WRITING = ['/processes/new', '/processes/incident/edit', '/processes/incident/publish'];
const current = async (): Promise<string> => (await server.engine.definition('incident', { id: 'owner', roles: ['process-owner'], teams: [] })).hash;

describe('who may come to the pages of a process', () => {
  it('lets everyone who may read it look', async () => {
    for (const path of ['/owner', ...READING]) {
      for (const client of [owner, auditor, agent]) expect((await client.get(path)).status, path).toBe(200);
    }
  });

  it('lets only owners and administrators come to what changes it', async () => {
    const admin = await server.as('admin');
    for (const path of WRITING) {
      expect((await owner.get(path)).status, path).toBe(200);
      expect((await admin.get(path)).status, path).toBe(200);
      for (const client of [auditor, agent]) expect((await client.get(path)).status, path).toBe(403);
    }
  });

  it('refuses every change by others and keeps everything as it was', async () => {
    const before = await current();
    for (const client of [auditor, agent]) {
      for (const [path, fields] of [
        ['/processes/new', { title: 'X', key: 'x' }],
        ['/processes/incident/edit', { file: 'statechart.json', text: '{}' }],
        ['/processes/incident/check', { file: 'statechart.json', text: '{}' }],
        ['/processes/incident/drop', {}],
        ['/processes/incident/publish', { note: 'mine' }],
        [`/processes/incident/versions/${before}`, { note: 'mine' }],
      ] as const) {
        expect((await client.post(path, fields)).status, path).toBe(403);
      }
    }
    expect(await current()).toBe(before);
  });

  it('sends strangers to the sign-in page', async () => {
    for (const path of ['/owner', ...READING, ...WRITING]) {
      const answer = await fetch(server.address + path, { redirect: 'manual', headers: { accept: 'text/html' } });
      expect(answer.status, path).toBe(303);
      expect(answer.headers.get('location')).toContain('/sign-in');
    }
  });

  it('tells whose folders were read where several servers may run, and only there', async () => {
    const { text } = await owner.get('/owner');
    expect(text).toContain('id="folders-title"');
    expect(text.includes('each reads its own folders')).toBe(storeUnderTest === 'postgres');
  });

  it('knows no process and no version that is not there', async () => {
    expect((await owner.get('/processes/nothing')).status).toBe(404);
    expect((await owner.get('/processes/nothing/edit')).status).toBe(404);
    expect((await owner.get(`/processes/incident/versions/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await owner.get('/processes/incident/compare?from=1&to=2')).status).toBe(404);
    expect((await owner.get('/processes/__proto__')).status).toBe(404);
  });
});

describe('editing a process', () => {
  const chart = (extra: object): string =>
    JSON.stringify({
      id: 'errand',
      initial: 'open',
      states: {
        open: { meta: { title: 'Open' }, on: { CLOSE: { target: 'closed', meta: { title: 'Close' } }, ...extra } },
        closed: { type: 'final', meta: { title: 'Closed' } },
      },
    });

  it('begins a new process as a draft that is in force only once it is published', async () => {
    expect((await owner.post('/processes/new', { title: 'Errand', key: 'errand' })).location).toBe('/processes/errand/edit');
    expect((await owner.get('/processes/errand/edit?check=1')).text).toContain('The checker finds nothing wrong');
    expect((await agent.get('/processes/errand')).status).toBe(404);
    expect((await owner.get('/processes/errand/publish')).text).toContain('All of it is new');
    expect((await owner.post('/processes/errand/publish', { note: 'A first version' })).location).toBe('/processes/errand');
    expect((await agent.get('/processes/errand')).status).toBe(200);
    expect((await owner.get('/processes/errand/versions')).text).toContain('A first version');
  });

  it('refuses a key that is taken or not a key, and keeps what was typed', async () => {
    const taken = await owner.post('/processes/new', { title: 'Another', key: 'errand' });
    expect([taken.status, taken.text.includes('There is such a process already'), taken.text.includes('value="Another"')]).toEqual([422, true, true]);
    for (const key of ['', 'Errand', '9', 'a b', 'new', '../x', '__proto__'])
      expect((await owner.post('/processes/new', { title: 'T', key })).status, key).toBe(422);
  });

  it('keeps text that does not even parse, and names the line', async () => {
    const text = '{\n  "id": "errand",\n  oops\n}';
    await owner.post('/processes/errand/edit', { file: 'statechart.json', text, action: 'check' });
    const page = (await owner.get('/processes/errand/edit?file=statechart.json&check=1')).text;
    expect(page).toContain('oops');
    expect(page).toMatch(/statechart\.json, line 3/);
  });

  it('does not publish what has errors, shows them, and loses nothing', async () => {
    const before = await server.engine.versions('errand', { id: 'owner', roles: ['process-owner'], teams: [] });
    const answer = await owner.post('/processes/errand/publish', { note: 'Broken' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('It can not be published yet');
    expect(answer.text).toContain('Broken');
    expect(await server.engine.versions('errand', { id: 'owner', roles: ['process-owner'], teams: [] })).toHaveLength(before.length);
    expect((await owner.get('/processes/errand/edit')).text).toContain('oops');
  });

  it('answers the script with problems by line and the drawing', async () => {
    const answer = await owner.post('/processes/errand/check', { file: 'statechart.json', text: chart({ GO: { target: 'nowhere' } }) });
    const { problems, drawing } = JSON.parse(answer.text) as { problems: { file: string; line: number; severity: string }[]; drawing: string };
    expect(problems.some((problem) => problem.severity === 'error' && problem.file === 'statechart.json' && problem.line >= 1)).toBe(true);
    expect(drawing).toContain('Go → nowhere?');
  });

  it('shows what a draft changes before it is published, and asks why', async () => {
    await owner.post('/processes/errand/edit', { file: 'statechart.json', text: chart({ PAUSE: { meta: { title: 'Pause for a while' } } }), action: 'save' });
    expect((await owner.get('/processes/errand/publish')).text).toContain('Pause for a while');
    expect((await owner.post('/processes/errand/publish', { note: ' ' })).status).toBe(422);
    expect((await owner.post('/processes/errand/publish', { note: 'Pausing' })).location).toBe('/processes/errand');
  });

  it('tells the difference between two versions, and brings an old one back with a reason', async () => {
    const versions = await server.engine.versions('errand', { id: 'owner', roles: ['process-owner'], teams: [] });
    const [newer, older] = [versions.find((each) => each.current), versions.find((each) => !each.current)];
    const compared = (await agent.get(`/processes/errand/compare?from=${older?.hash}&to=${newer?.hash}`)).text;
    expect(compared).toContain('Pause for a while');
    expect((await owner.post(`/processes/errand/versions/${older?.hash}`, { note: '' })).status).toBe(422);
    expect((await owner.post(`/processes/errand/versions/${older?.hash}`, { note: 'Pausing went wrong' })).location).toBe('/processes/errand/versions');
    const after = await server.engine.versions('errand', { id: 'owner', roles: ['process-owner'], teams: [] });
    expect(after.find((each) => each.current)?.hash).toBe(older?.hash);
    expect((await owner.get('/processes/errand/versions')).text).toContain('Pausing went wrong');
  });

  it('keeps nothing of a page that was only looked at: a draft changed meanwhile elsewhere stays as it is', async () => {
    const opened = (await owner.get('/processes/errand/edit?file=form.json')).text;
    const base = /name="base" value="([^"]+)"/.exec(opened)?.[1] ?? '';
    const was = (await owner.get('/processes/errand/edit?file=form.json')).text;
    const shown = /<textarea[^>]*>([^<]*)<\/textarea>/.exec(was)?.[1]?.replaceAll('&quot;', '"') ?? '';
    await owner.post('/processes/errand/edit', { file: 'form.json', text: '{"newer":true}', action: 'save' });
    const looked = JSON.parse((await owner.post('/processes/errand/check', { file: 'form.json', text: shown, base })).text) as {
      problems: object[];
      base: string;
    };
    expect([looked.problems, looked.base]).toEqual([[], base]);
    await owner.post('/processes/errand/edit', { file: 'form.json', text: shown.replaceAll('\n', '\r\n'), base, open: 'statechart.json' });
    expect((await owner.get('/processes/errand/edit?file=form.json')).text).toContain('newer');
    const changed = JSON.parse((await owner.post('/processes/errand/check', { file: 'form.json', text: `${shown} `, base })).text) as { base: string };
    expect(changed.base).not.toBe(base);
    await owner.post('/processes/errand/check', { file: 'form.json', text: shown, base: changed.base });
    expect((await owner.get('/processes/errand/edit?file=form.json')).text).not.toContain('newer');
  });

  it('adds and takes out files, but never the statechart', async () => {
    await owner.post('/processes/errand/edit', { file: 'statechart.json', text: chart({}), add: 'rules.json' });
    expect((await owner.get('/processes/errand/edit?file=rules.json')).text).toContain('/schemas/rules.json');
    await owner.post('/processes/errand/edit', { remove: 'rules.json' });
    await owner.post('/processes/errand/edit', { remove: 'statechart.json' });
    const page = (await owner.get('/processes/errand/edit')).text;
    expect(page).toContain('value="statechart.json"');
    expect(page).not.toMatch(/name="open" value="rules.json"/);
  });

  it('throws a draft away only when asked, and then shows what is published', async () => {
    await owner.post('/processes/errand/drop', {});
    expect((await owner.get('/processes/errand/edit')).text).toContain('nothing changed yet');
  });

  it('runs the scenarios, and says where one went another way', async () => {
    const scenarios = { scenarios: [{ name: 'Closes', given: { data: { title: 'x' } }, steps: [{ event: 'CLOSE', expect: { state: 'open' } }] }] };
    await owner.post('/processes/errand/edit', { file: 'scenarios.json', text: JSON.stringify(scenarios), action: 'save' });
    const page = (await owner.get('/processes/errand/scenarios?draft=1')).text;
    expect(page).toContain('1 of 1 scenario failed');
  });

  it('escapes what a draft says wherever it is shown', async () => {
    const evil = '<script>alert(1)</script>"\'';
    await owner.post('/processes/errand/edit', { file: 'statechart.json', text: chart({ EVIL: { meta: { title: evil } } }), action: 'save' });
    for (const path of ['/edit', '/edit?check=1', '/publish']) expect((await owner.get(`/processes/errand${path}`)).text).not.toContain('<script>alert');
  });
});
