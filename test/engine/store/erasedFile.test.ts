import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { systemClock } from '../../../engine/clock.js';
import { openStore } from '../../../engine/store/openStore.js';
import { testEngine } from '../testEngine.js';
import { everything, step, unit } from './sampleSteps.js';
import { createTestStore } from './testStore.js';

/** How often the words stand in the file, in any case of letters, as far as they are plain text. */
const traces = (file: string, word: string): number => readFileSync(file).toString('latin1').toLowerCase().split(word).length - 1;

it('leaves nothing of an erased value in the file: not in free pages, not in an index, not in the words of full text', async () => {
  const person = {
    'statechart.json': { id: 'person', initial: 'known', states: { known: { on: { RENAME: { meta: { form: ['name'] } } } } } },
    'form.json': { type: 'object', properties: { name: { type: 'string', title: 'Name', 'x-charter': { personal: true } }, topic: { type: 'string' } } },
    'process.json': { key: 'person', create: { form: ['name', 'topic'] }, columns: { title: 'name' } },
  };
  const { engine, user, databaseUrl } = await testEngine({ processes: { person } });
  const [ann, root] = [await user('ann', []), await user('root', ['administrator'])];
  const create = (name: string) => engine.create({ process: 'person', data: { name, topic: 'kept '.repeat(30) }, actor: ann });
  for (let place = 0; place < 20; place += 1) {
    await create(`Other ${place}`);
  }
  const { record } = await create('Zebulon Quimby');
  await engine.send({ record: record.id, type: 'RENAME', data: { name: 'Zebulon Q.' }, actor: ann });
  expect((await engine.list({ q: 'zebulon', limit: 5 }, root)).items).toHaveLength(1);
  await engine.erase({ record: record.id, fields: ['name'], reason: 'asked for by the person', actor: root });
  await engine.close();
  const file = databaseUrl.replace(/^sqlite:/, '');
  expect(traces(file, 'other')).toBeGreaterThan(20);
  expect(traces(file, 'zebulon')).toBe(0);
  expect(traces(file, 'quimby')).toBe(0);
});

it('goes on at the next start when a server stopped between an erasure and the end of its merging', async () => {
  const test = await createTestStore();
  const first = step('record-1', null, { search: 'ZEBULON' });
  await test.store.records.commit(unit(first));
  expect(await test.store.records.count({ q: 'zebulon', scope: everything }, 10)).toBe(1);
  await test.store.records.commit(unit(step('record-1', first.record, { search: 'SOMEBODY' })));
  await test.store.setMeta('search_forgetting', '1');
  await test.store.close();
  const lowerCase = (): number => readFileSync(test.file).toString('latin1').split('zebulon').length - 1;
  expect(lowerCase()).toBe(1);
  const again = await openStore({ url: test.url }, systemClock);
  expect(await again.meta('search_forgetting')).toBe(null);
  await again.close();
  expect(lowerCase()).toBe(0);
  await test.drop();
});
