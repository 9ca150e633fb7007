import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEngines } from './engines.js';
import { proxyTo } from './proxy.js';

const note = {
  'statechart.json': { id: 'note', initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } } },
  'process.json': { key: 'note', prefix: 'NTE' },
};
const content = new TextEncoder().encode('what was attached');

it('an attachment that PostgreSQL has taken is kept though its answer was lost, and one that was refused is not', async () => {
  const { url, another, user, processesDir } = await openEngines({ count: 0, processes: { note } });
  const network = await proxyTo(Number(new URL(url).port));
  const dataDir = join(processesDir, '..', 'data');
  const files = (): string[] =>
    readdirSync(join(dataDir, 'attachments'), { recursive: true })
      .map(String)
      .filter((path) => path.includes('/'));
  const engine = await another({ databaseUrl: network.through(url), dataDir, patience: { connect: 200, doubt: 50, regain: 400, reread: 400 } });
  const ann = await user({ id: 'ann' });
  const { record } = await engine.create({ process: 'note', data: {}, actor: ann });
  const attach = (name: string) => engine.attach({ record: record.id, actor: ann, name, type: 'text/plain', content });
  network.loseAnswerTo('lost.txt');
  await expect(attach('lost.txt')).rejects.toMatchObject({ code: 'BUSY' });
  network.heal();
  await expect.poll(() => engine.attachments(record.id, ann).catch(() => []), { timeout: 8_000 }).toHaveLength(1);
  const [row] = await engine.attachments(record.id, ann);
  expect(new TextDecoder().decode((await engine.attachment(row?.id ?? '', ann)).content)).toBe('what was attached');
  await engine.send({ record: record.id, type: 'CLOSE', data: {}, actor: ann });
  await expect(attach('refused.txt')).rejects.toMatchObject({ code: 'RECORD_FINISHED' });
  expect(files()).toHaveLength(1);
  expect((await engine.verify()).problems).toEqual([]);
});
