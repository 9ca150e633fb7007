import { describe, expect, it } from 'vitest';
import { MONDAY, testEngine } from '../testEngine.js';
import { mailServer } from './mailServer.js';

const tell = { type: 'notify', params: { to: ['role:reader', 'team:desk'], message: 'told', why: { var: 'record.title' } } };
const processes = {
  note: {
    'statechart.json': { id: 'note', initial: 'open', states: { open: { on: { TELL: { actions: [tell] } } } } },
    'form.json': { type: 'object', properties: { title: { type: 'string' } } },
    'process.json': { key: 'note', prefix: 'NOT', create: { form: ['title'] }, columns: { title: 'title' } },
    'messages.json': { told: { subject: '{{record.number}}: {{record.title}}', text: 'About {{why}}.' } },
  },
};
const rules = { 'policy/roles.json': { kind: 'roles', roles: { reader: { title: 'Reader' } } } };

async function world() {
  const mail = await mailServer();
  const { engine, user, clock } = await testEngine({ processes, rules, smtpUrl: mail.url });
  expect(engine.folderProblems().problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  const ann = await user('ann', ['reader'], ['desk']);
  await user('bob', [], ['desk']);
  const make = async (title: string) => {
    const { record } = await engine.create({ process: 'note', data: { title }, actor: ann });
    return engine.send({ record: record.id, type: 'TELL', data: {}, actor: ann });
  };
  return { mail, engine, clock, make };
}

describe('a message', () => {
  it('goes once to each of those named, with texts put in and never compiled', async () => {
    const { mail, engine, make } = await world();
    await make('A cup of {{tea}}');
    await engine.wake();
    await engine.wake();
    expect(mail.mails).toHaveLength(1);
    expect([...(mail.mails[0]?.recipients ?? [])].sort()).toEqual(['ann@example.org', 'bob@example.org']);
    expect(mail.mails[0]?.text).toContain('Subject: NOT-000001: A cup of {{tea}}');
    expect(mail.mails[0]?.text).toContain('About A cup of {{tea}}.');
  });

  it('carries no header that a title brings', async () => {
    const { mail, engine, make } = await world();
    await make('Tea\r\nBcc: eve@example.org');
    await engine.wake();
    expect(mail.mails[0]?.recipients).not.toContain('eve@example.org');
    expect(mail.mails[0]?.text.split('\n\n')[0]).not.toMatch(/^Bcc:/m);
  });

  it('that cannot be delivered is tried again later, and parked when it never can', async () => {
    const { mail, engine, clock, make } = await world();
    mail.refuse(2);
    await make('Patience');
    await engine.wake();
    expect(mail.mails).toHaveLength(0);
    await engine.advanceTo(clock.now() + 60_000);
    expect(mail.mails).toHaveLength(1);
    mail.refuse(1_000);
    await make('Never');
    await engine.advanceTo(MONDAY + 30 * 86_400_000);
    expect((await engine.parked()).effects.map((effect) => [effect.effect.type, effect.status])).toEqual([['notify', 'parked']]);
    mail.refuse(0);
    const [parked] = (await engine.parked()).effects;
    await engine.retry({ effect: parked?.key ?? '' }, { id: 'root', roles: ['administrator'], teams: [] });
    await engine.wake();
    expect(mail.mails).toHaveLength(2);
  });
});
