/** A world whose store somebody alters behind the engine's back; each alteration is undone after its test. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { VerifyProblem } from '../../../engine/engine.js';
import { type Intruder, intrude } from './intruder.js';
import { incidentWorld, type World } from './world.js';

export interface Manipulated {
  readonly world: World;
  readonly intruder: Intruder;
  readonly ids: World['ids'];
  problems(): Promise<readonly VerifyProblem[]>;
  /** `kind record sequence` of every problem, with the short names of records. */
  found(): Promise<readonly string[]>;
}

/** Made before the first test of a file, taken away after its last; what it has is there from the first test on. */
export function manipulated(): Manipulated {
  const made: { world?: World; intruder?: Intruder } = {};
  beforeAll(async () => {
    made.world = await incidentWorld();
    expect((await made.world.engine.verify()).problems).toEqual([]);
    made.intruder = await intrude(made.world.database);
  });
  afterEach(() => made.intruder?.undo());
  afterAll(async () => {
    await made.intruder?.close();
    await made.world?.close();
  });
  const world = (): World => made.world as World;
  const problems = async (): Promise<readonly VerifyProblem[]> => (await world().engine.verify()).problems;
  return {
    get world() {
      return world();
    },
    get intruder() {
      return made.intruder as Intruder;
    },
    get ids() {
      return world().ids;
    },
    problems,
    async found() {
      const names = new Map(Object.entries(world().ids).map(([name, id]) => [id, name]));
      return (await problems()).map(({ kind, record, sequence }) =>
        [kind, record === null ? null : (names.get(record) ?? record), sequence].filter((part) => part !== null).join(' '),
      );
    },
  };
}
