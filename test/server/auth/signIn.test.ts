import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, startTestServer, type TestServer, Visitor } from '../testServer.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    users: [
      { id: 'ada', name: 'Ada Lovelace', roles: ['employee'] },
      { id: 'gone', active: false },
      { id: 'root', roles: ['administrator'] },
    ],
  });
});
afterAll(() => server.close());

describe('signing in', () => {
  it('leads to where one wanted to go, with a new session', async () => {
    const ada = new Visitor(server);
    const asked = await ada.get('/process/incident');
    expect(asked.location).toBe('/sign-in?next=%2Fprocess%2Fincident');
    await ada.get(asked.location ?? '');
    const before = ada.cookie('charter');
    const answer = await ada.post('/sign-in', { name: 'ada', password: PASSWORD, next: ada.hidden('next') });
    expect(answer.location).toBe('/process/incident');
    expect(before).toBeTruthy();
    expect(ada.cookie('charter')).not.toBe(before);
    expect((await ada.get('/')).text).toContain('Ada');
  });

  it('W4: never leads to another site', async () => {
    const ada = new Visitor(server);
    await ada.get('/sign-in?next=//evil.example');
    const answer = await ada.post('/sign-in', { name: 'ada', password: PASSWORD, next: '//evil.example' });
    expect(answer.location).toBe('/');
  });

  it.each([
    ['ada', 'wrong password'],
    ['nobody', PASSWORD],
    ['gone', PASSWORD],
  ])('says the same to %s with a wrong name or password', async (name, password) => {
    const visitor = new Visitor(server);
    await visitor.get('/sign-in');
    const answer = await visitor.post('/sign-in', { name, password });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('The name or the password is wrong.');
    expect(answer.text).not.toContain(password);
  });

  it('W3: makes who guesses wait, and says how long', async () => {
    await server.user({ id: 'target' });
    const visitor = new Visitor(server);
    await visitor.get('/sign-in');
    const answers = [];
    for (let count = 0; count < 5; count += 1) answers.push(await visitor.post('/sign-in', { name: 'target', password: `guess ${count}` }));
    expect(answers.at(-1)?.status).toBe(429);
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('keeps the cookie from scripts and from other sites', async () => {
    const visitor = new Visitor(server);
    const answer = await visitor.get('/sign-in');
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('charter='));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
  });

  it('stores no session id that could be used as it stands', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const id =
      decodeURIComponent(ada.cookie('charter') ?? '')
        .replace(/^s:/, '')
        .split('.')[0] ?? '';
    expect(await server.engine.people.session(id)).toBeNull();
  });

  it('is forgotten after signing out, also for who kept the cookie', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const cookie = ada.cookie('charter') ?? '';
    await ada.post('/sign-out');
    const thief = new Visitor(server);
    thief.setCookie('charter', cookie);
    expect((await thief.get('/settings')).location).toContain('/sign-in');
  });

  it('ends everywhere when somebody is locked, and a change of roles counts at once', async () => {
    await server.user({ id: 'temp', name: 'Temp', roles: ['administrator'] });
    const temp = await new Visitor(server).signIn('temp');
    expect((await temp.get('/admin/users')).status).toBe(200);
    await server.user({ id: 'temp', name: 'Temp', roles: [] });
    expect((await temp.get('/admin/users')).status).toBe(403);
    await server.user({ id: 'temp', name: 'Temp', active: false });
    expect((await temp.get('/')).location).toContain('/sign-in');
  });

  it('never writes a password to the log', () => {
    expect(server.log.join('')).not.toContain(PASSWORD);
    expect(server.log.join('')).not.toContain('guess 1');
  });
});

describe('settings', () => {
  it('keep zone, theme and stand-in', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const answer = await ada.post('/settings', { zone: 'Europe/Berlin', theme: 'dark', standIn: 'root', absentUntil: '2026-03-05T08:00' });
    expect(answer.location).toBe('/settings');
    const row = await server.engine.people.user('ada');
    expect(row).toMatchObject({ zone: 'Europe/Berlin', standIn: 'root', absentUntil: Date.parse('2026-03-05T07:00:00Z') });
    expect((await ada.get('/')).text).toContain('data-theme="dark"');
  });

  it('refuse what is no zone and no colleague, at the field', async () => {
    const ada = await new Visitor(server).signIn('ada');
    const answer = await ada.post('/settings', { zone: 'Mars/Base', theme: 'dark', standIn: 'gone', absentUntil: '' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('There is no such time zone.');
    expect(answer.text).toContain('Choose somebody else who works here.');
  });

  it('change the password only for who knows the present one, and end the other sessions', async () => {
    await server.user({ id: 'eve', name: 'Eve' });
    const [here, there] = [await new Visitor(server).signIn('eve'), await new Visitor(server).signIn('eve')];
    expect((await here.post('/settings/password', { current: 'wrong', password: 'four words in a row', again: 'four words in a row' })).status).toBe(422);
    expect((await here.post('/settings/password', { current: PASSWORD, password: 'four words in a row', again: 'four words in a row' })).location).toBe(
      '/settings',
    );
    expect((await there.get('/settings')).location).toContain('/sign-in');
    await expect(new Visitor(server).signIn('eve', 'four words in a row')).resolves.toBeDefined();
  });
});

describe('people', () => {
  it('are created with a password that is shown once', async () => {
    const root = await new Visitor(server).signIn('root');
    await root.get('/admin/users/new');
    const answer = await root.post('/admin/users', { id: 'new-one', name: 'New One', email: '', roles: ['', 'employee'], teams: [''] });
    const password = /class="mono strong">([a-z-]+)</.exec(answer.text)?.[1] ?? '';
    await expect(new Visitor(server).signIn('new-one', password)).resolves.toBeDefined();
    expect((await root.get('/admin/users')).text).not.toContain(password);
  });

  it('can not be given roles that do not exist, and nobody locks out himself', async () => {
    const root = await new Visitor(server).signIn('root');
    await root.get('/admin/users/new');
    expect((await root.post('/admin/users', { id: 'bad', name: 'Bad', email: '', roles: ['emperor'], teams: [''] })).status).toBe(422);
    await root.get('/admin/users/root');
    expect((await root.post('/admin/users/root', { name: 'Root', email: '', roles: [''], teams: [''], active: 'true' })).status).toBe(422);
    expect((await root.post('/admin/users/root', { name: 'Root', email: '', roles: ['administrator'], teams: [''], active: 'false' })).status).toBe(422);
  });
});

describe('the first start', () => {
  it('leads through making the first administrator, once', async () => {
    const fresh = await startTestServer();
    const visitor = new Visitor(fresh);
    const path = fresh.services.setUp.path ?? '';
    expect((await visitor.get('/set-up?token=guessed')).status).toBe(404);
    expect((await visitor.get('/set-up')).status).toBe(404);
    expect((await visitor.get(path)).text).toContain('Make the first administrator');
    const form = { token: visitor.hidden('token'), name: 'First Admin', id: 'first', password: 'a long way to tipperary', again: 'a long way to tipperary' };
    expect((await visitor.post('/set-up', { ...form, again: 'another' })).status).toBe(422);
    expect((await visitor.post('/set-up', form)).location).toBe('/admin/users');
    expect((await visitor.get('/admin/users')).text).toContain('First Admin');
    expect((await visitor.get(path)).status).toBe(404);
    expect((await visitor.post('/set-up', { ...form, id: 'second' })).status).toBe(404);
    await fresh.close();
  });

  it('has no such page where people are', async () => {
    expect(server.services.setUp.path).toBeNull();
    expect((await new Visitor(server).get('/set-up?token=')).status).toBe(404);
  });
});
