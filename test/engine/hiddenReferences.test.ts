import { describe, expect, it } from 'vitest';
import { refusal, running } from './running.js';

const SECRET = 'zanzibar';
const rules = { 'policy/roles.json': { kind: 'roles', roles: { hr: { title: 'HR' }, desk: { title: 'Desk' } } } };

describe('a record that somebody may not see', () => {
  const refers = { type: 'string', 'x-charter': { reference: { kind: 'record', process: 'file' } } };
  const world = {
    rules,
    processes: {
      file: {
        'statechart.json': { id: 'file', initial: 'open', states: { open: {} } },
        'form.json': { type: 'object', properties: { title: { type: 'string' } } },
        'process.json': { prefix: 'FIL', read: { roles: ['hr'] } },
      },
      note: {
        'statechart.json': { id: 'note', initial: 'open', states: { open: { on: { EDIT: { meta: { form: ['about', 'text'] } } } } } },
        'form.json': { type: 'object', properties: { about: refers, text: { type: 'string' }, copied: { type: 'string', readOnly: true } } },
        'rules.json': { values: { copied: { var: 'refs.about.title' } } },
      },
    },
  };

  it('can not be named in a field, in the same words as one that is not there; who may see it can', async () => {
    const test = await running(world);
    const [hr, desk] = [await test.user('hanna', ['hr']), await test.user('dora', ['desk'])];
    const file = await test.create('file', { title: SECRET }, hr);
    const { id } = await test.create('note', {}, desk);
    for (const about of [file.id, file.number]) {
      const absent = about === file.id ? '01a919a4-51a0-7000-8006-04749c110299' : 'FIL-999999';
      const words = (error: { code: string; facts: unknown }, name: string) => JSON.stringify([error.code, error.facts]).replaceAll(name, 'X');
      const [hidden, none] = [await refusal(test.send(id, 'EDIT', { about }, desk)), await refusal(test.send(id, 'EDIT', { about: absent }, desk))];
      expect(words(hidden, about)).toBe(words(none, absent));
      expect(words(await refusal(test.create('note', { about }, desk)), about)).toBe(words(none, absent));
    }
    expect((await test.send(id, 'EDIT', { about: file.id }, hr)).record.data.copied).toBe(SECRET);
    // What stands there already may be sent back unchanged with the rest of a form.
    expect((await test.send(id, 'EDIT', { about: file.id, text: 'x' }, desk)).record.version).toBe(3);
    await test.sound();
  });
});
