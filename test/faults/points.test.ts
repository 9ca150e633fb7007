import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, pause, type RunningEngine } from '../../engine/index.js';
import { firedTwice, Ledger, settleAccounts } from './ledger.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, type Place, sqlite } from './place.js';
import { COMMENT, commentKey, newEdition, owner, type Task } from './pointsWorker.js';
import { relayProcesses } from './processes.js';
import { type DriverFault, type Programs, preparePrograms, startProgram } from './program.js';

let programs: Programs;
let worker: string;
beforeAll(async () => {
  programs = preparePrograms();
  worker = await programs.worker('pointsWorker');
});
afterAll(() => programs.drop());

interface Point {
  readonly name: string;
  readonly task: Task;
  readonly fault: DriverFault;
}

const comment = 'the-only-comment';
const fired = 'event\\W+after\\.50';
const heard = 'event\\W+relay\\.HEARD';
const points: readonly Point[] = [
  { name: 'before a step is written', task: 'comment', fault: { params: comment, sql: 'INSERT', when: 'before', act: 'kill' } },
  { name: 'between the commit and the answer', task: 'comment', fault: { params: comment, sql: 'INSERT', when: 'after', act: 'kill' } },
  { name: 'before a due timer is written', task: 'relay', fault: { params: fired, when: 'before', act: 'kill' } },
  { name: 'between a timer and what follows from it', task: 'relay', fault: { params: fired, when: 'after', act: 'kill' } },
  { name: 'between what follows and the note that it was delivered', task: 'relay', fault: { params: heard, when: 'after', act: 'kill' } },
  { name: 'after a new version is stored and before it is in force', task: 'publish', fault: { sql: 'INSERT.* definitions', when: 'after', act: 'kill' } },
  { name: 'after a new version is in force and before that is durable', task: 'publish', fault: { sql: 'INSERT.* activations', when: 'after', act: 'kill' } },
  { name: 'after a new version is durable and before anyone is told', task: 'publish', fault: { sql: '^COMMIT', when: 'after', act: 'kill' } },
];

/** What the same request brings after the kill, whatever the first one left. */
const again: { readonly [task in Task]: (engine: RunningEngine, first: string, second: string) => Promise<void> } = {
  async comment(engine, first) {
    const answer = await engine.comment({ record: first, text: COMMENT, actor: owner, idempotency: commentKey });
    expect(answer.record.id).toBe(first);
    expect(await engine.comments(first, owner)).toHaveLength(1);
  },
  async relay(engine, first, second) {
    // The last timer of the process that was killed may be due only now.
    await engine.wake();
    expect((await engine.record(first, owner)).paths).toEqual(['told']);
    expect((await engine.record(second, owner)).data.heard).toBe(1);
    expect(await engine.wake()).toEqual({ timers: 0, effects: 0, schedules: 0 });
  },
  async publish(engine) {
    const { hash } = await engine.publish({ process: 'relay', files: newEdition(), note: 'next', actor: owner, source: 'api' });
    expect((await engine.definition('relay', owner)).hash).toBe(hash);
    expect(await engine.versions('relay', owner)).toHaveLength(2);
  },
};

/** Two relays, the first linked to the second. */
async function twoRelays(place: Place, ledger: Ledger): Promise<readonly [string, string]> {
  const engine = await createEngine(place.options);
  try {
    const first = await engine.create({ process: 'relay', data: { title: 'one' }, actor: owner });
    const second = await engine.create({ process: 'relay', data: { title: 'two' }, actor: owner });
    for (const made of [first, second, await engine.link({ record: first.record.id, name: 'next', to: second.record.id, actor: owner })]) ledger.took(made);
    return [first.record.id, second.record.id];
  } finally {
    await engine.close();
  }
}

// Named by the statements of SQLite; a server process that dies leaves PostgreSQL in the same places.
describe('a process killed at a named point', () => {
  it.each(points)(
    '$name: done once, or not at all until it is asked for again',
    async ({ name, task, fault }) => {
      const killed = async (): Promise<void> => {
        const place = await newPlace(sqlite, relayProcesses);
        const ledger = new Ledger();
        const [first, second] = await twoRelays(place, ledger);
        const program = startProgram(worker, [task, JSON.stringify(place.options)], { place, faults: [{ ...fault, while: join(place.folder, 'ready') }] });
        expect(await program.ended).toMatchObject({ signal: 'SIGKILL', error: '' });
        expect((await program.ended).out).toBe('ready\n');
        const engine = await createEngine({ ...place.options, publishFolders: false });
        try {
          await pause(60);
          await again[task](engine, first, second);
          const { history, ...found } = await settleAccounts(engine, ledger);
          expect(firedTwice(history)).toEqual([]);
          account(`killed ${name}`, { kills: 1, ...found });
        } finally {
          await engine.close();
        }
      };
      await inRounds(1, killed, 1 / points.length);
    },
    patience(3),
  );
});
