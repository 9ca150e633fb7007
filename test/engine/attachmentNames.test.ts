import { expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

it('an attachment keeps the last part of its name, without what would make it read as another', async () => {
  const { engine, user } = await testEngine({
    processes: { note: { 'statechart.json': { id: 'note', initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: {} } } } },
  });
  const ann = await user('ann', []);
  const { record } = await engine.create({ process: 'note', data: {}, actor: ann });
  for (const name of ['../../etc/passwd', 'a\u202egpj.exe', 'C:\\temp\\b\u0000c.txt', '..'])
    await engine.attach({ record: record.id, actor: ann, name, type: 'text/plain', content: new TextEncoder().encode('x') });
  expect((await engine.attachments(record.id, ann)).map((row) => row.name).sort()).toEqual(['agpj.exe', 'bc.txt', 'file', 'passwd']);
});
