/** Does one thing with an engine, and is killed in the middle of it by `faultyDriver.cjs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, type EngineOptions, pause } from '../../engine/index.js';
import { relayProcesses } from './processes.js';

export type Task = 'comment' | 'relay' | 'publish';

export const owner = { id: 'ann', roles: ['process-owner'], teams: [] };

/** The text and the key of the one comment, in every try. */
export const COMMENT = 'the-only-comment';
export const commentKey = { scope: `ann ${COMMENT}`, bodyHash: '0' };

/** The relay with another description: another version. */
export function newEdition(): { readonly [file: string]: string } {
  const files = relayProcesses.relay ?? {};
  const texts = Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)]);
  return { ...Object.fromEntries(texts), 'statechart.json': JSON.stringify({ ...(files['statechart.json'] as object), description: 'the next edition' }) };
}

async function carryOut(task: Task, options: EngineOptions): Promise<void> {
  const engine = await createEngine(options);
  const [first, second] = (await engine.list({ processes: ['relay'], sort: 'number', direction: 'asc', limit: 2 }, owner)).items;
  if (!first || !second) throw new Error('the test made no records');
  // From here on the driver breaks.
  writeFileSync(join(options.dataDir, '..', 'ready'), '');
  process.stdout.write('ready\n');
  if (task === 'comment') await engine.comment({ record: first.id, text: COMMENT, actor: owner, idempotency: commentKey });
  if (task === 'publish') await engine.publish({ process: 'relay', files: newEdition(), note: 'next', actor: owner, source: 'api' });
  if (task === 'relay') {
    await engine.send({ record: first.id, type: 'START', data: {}, actor: owner });
    engine.start();
    await pause(20_000);
  }
  process.stdout.write('acknowledged\n');
  await pause(200);
  await engine.close();
}

const [task, options] = process.argv.slice(2);
if (task && options) await carryOut(task as Task, JSON.parse(options) as EngineOptions);
