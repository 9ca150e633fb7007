/** A second program on the same store; started by `processes.test.ts`. Tells what it did as lines on its output. */
import { pause, systemClock } from '../../../engine/clock.js';
import { lockServer, openStore } from '../../../engine/store/index.js';
import { step, unit } from './sampleSteps.js';

export type Task = 'write' | 'hold' | 'fill';

const [url = '', task = '', name = '', count = '0'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const store = await openStore({ url }, systemClock);

/** Many numbers and records at once, and steps on one record that both programs change, again whenever the other was faster. */
async function write(): Promise<void> {
  const numbers = await Promise.all(Array.from({ length: Number(count) }, () => store.records.nextNumber('INC')));
  await Promise.all(numbers.map((number) => store.records.commit(unit(step(`${name}-${number}`, null, { record: { number } })))));
  let done = 0;
  while (done < Number(count)) {
    const before = (await store.records.byId('shared'))?.record ?? null;
    const [result] = await Promise.allSettled([store.records.commit(unit(step('shared', before)))]);
    done += result.status === 'fulfilled' ? 1 : 0;
    if (result.status === 'rejected' && (result.reason as { code?: string }).code !== 'VERSION_STALE') {
      throw result.reason;
    }
  }
  say(JSON.stringify(numbers));
  await store.close();
}

/** Takes the server's lock and keeps it until killed. */
async function hold(): Promise<void> {
  await lockServer(store, name, systemClock);
  say('locked');
  await pause(600_000);
}

/** Writes until the disk takes no more, then waits until it does again. */
async function fill(): Promise<void> {
  let written = 0;
  while (!store.readOnly()) {
    const made = step(`record-${written}`, null, { record: { number: `INC-${written}`, data: { text: 'x'.repeat(20_000) } } });
    await store.records.commit(unit(made)).then(
      () => void (written += 1),
      (error: { code?: string }) => say(`refused ${error.code}`),
    );
  }
  say(`read ${(await store.history.counts()).records === written}`);
  await store.records.nextNumber('X').catch((error: { code?: string }) => say(`refused ${error.code}`));
  say('full');
  while (store.readOnly()) {
    await pause(50);
  }
  await store.records.commit(unit(step('afterwards', null, { record: { number: 'AFTER-1' } })));
  say(`recovered ${(await store.history.counts()).records === written + 1}`);
  await store.close();
}

const tasks: Readonly<Record<Task, () => Promise<void>>> = { write, hold, fill };
await tasks[task as Task]();
