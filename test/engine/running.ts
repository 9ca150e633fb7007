/** Short words for tests that run fixture processes in a real engine. */
import { expect } from 'vitest';
import type { JsonObject } from '../../engine/definitions/authored.js';
import type { RecordView, StepResult } from '../../engine/engine.js';
import { EngineError } from '../../engine/errors.js';
import type { Actor } from '../../engine/types.js';
import { type TestEngine, type TestEngineOptions, testEngine } from './testEngine.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What is refused, as the EngineError it must be. */
export async function refusal(work: Promise<unknown>): Promise<EngineError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

export interface Running extends TestEngine {
  readonly ann: Actor;
  create(process: string, data?: JsonObject, actor?: Actor): Promise<RecordView>;
  send(record: string, type: string, data?: JsonObject, actor?: Actor): Promise<StepResult>;
  look(record: string): Promise<RecordView>;
  /** Events of the record's history, oldest first. */
  events(record: string): Promise<readonly string[]>;
  /** Lets time pass, and with it everything that falls due. */
  wait(ms: number): Promise<void>;
  /** The whole store verifies: chains, clocks, replay. */
  sound(): Promise<void>;
  again(): Promise<Running>;
}

/** Runs fixture processes; fails at once when the checker has anything against them. */
export async function running(options: TestEngineOptions): Promise<Running> {
  return around(await testEngine(options));
}

async function around(test: TestEngine): Promise<Running> {
  const { engine, clock } = test;
  expect(engine.folderProblems().problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  const ann = await test.user('ann', []);
  return {
    ...test,
    ann,
    create: async (process, data = {}, actor = ann) => (await engine.create({ process, data, actor })).record,
    send: (record, type, data = {}, actor = ann) => engine.send({ record, type, data, actor }),
    look: (record) => engine.record(record, ann),
    events: async (record) => (await engine.history(record, ann, { limit: 200 })).items.map((entry) => entry.event),
    wait: (ms) => engine.advanceTo(clock.now() + ms),
    async sound() {
      const { problems, warnings } = await engine.verify();
      expect([...problems, ...warnings]).toEqual([]);
    },
    again: async () => around(await test.reopen()),
  };
}

/** A field that actions write to, so that their order shows. */
export const logForm = { type: 'object', properties: { log: { type: 'string', default: '', maxLength: 5000 } } };

/** Appends a word to `log`. */
export function note(word: string): { type: string; params: JsonObject } {
  return { type: 'set', params: { log: { cat: [{ var: ['record.log', ''] }, ` ${word}`] } } };
}
