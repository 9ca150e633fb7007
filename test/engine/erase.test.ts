import { expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

it('erasing removes a value from the record, its history, its comments and the search, and verification says erased', async () => {
  const person = {
    'statechart.json': { id: 'person', initial: 'known', states: { known: { on: { RENAME: { meta: { form: ['name'] } } } } } },
    'form.json': { type: 'object', properties: { name: { type: 'string', title: 'Name', 'x-charter': { personal: true } }, topic: { type: 'string' } } },
    'process.json': { key: 'person', create: { form: ['name', 'topic'] }, columns: { title: 'name' } },
  };
  const { engine, user } = await testEngine({ processes: { person } });
  const [ann, root] = [await user('ann', []), await user('root', ['administrator'])];
  const { record } = await engine.create({ process: 'person', data: { name: 'Zebulon Quimby', topic: 'kept' }, actor: ann });
  await engine.send({ record: record.id, type: 'RENAME', data: { name: 'Zebulon Q.' }, actor: ann });
  await engine.comment({ record: record.id, text: 'Zebulon called', actor: ann });
  await expect(engine.erase({ record: record.id, fields: ['name'], reason: 'asked', actor: ann })).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
  await engine.erase({ record: record.id, fields: ['name', 'comments'], reason: 'asked for by the person', actor: root });
  const everything = JSON.stringify([
    await engine.record(record.id, root),
    await engine.history(record.id, root, { limit: 50 }),
    await engine.comments(record.id, root),
  ]);
  expect(everything).not.toContain('Zebulon');
  expect(everything).toContain('kept');
  expect((await engine.list({ q: 'Zebulon', limit: 5 }, root)).items).toEqual([]);
  const report = await engine.verify();
  expect(report.problems).toEqual([]);
  expect(report.erased).toBeGreaterThan(0);
});
