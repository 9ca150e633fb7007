/** Times a step and tells whoever watches what became of it. */
import { monotonic } from '../clock.js';
import { EngineError } from '../errors.js';
import type { Observer, StepTimes } from '../observing.js';
import { timingRules } from '../rules/index.js';
import type { Command } from '../types.js';
import type { Committed } from './layOut.js';

/** Rules are timed in one step of so many: looking at the clock takes longer than a small rule. */
const RULES_TIMED_IN = 16;

/** One step's stopwatch. Each reading adds to its phase, so that what is done again counts again. */
export interface StepWatch {
  load<T>(work: Promise<T>): Promise<T>;
  decide<T>(work: () => T): T;
  commit<T>(work: Promise<T>): Promise<T>;
  taken(committed: Committed, tries: number): void;
  refused(error: unknown, process: string | null): void;
}

export function createStepWatches(observer: Observer): (command: Command) => StepWatch {
  let steps = 0;
  return (command) => {
    steps = (steps + 1) % RULES_TIMED_IN;
    return watchStep(observer, command, steps === 1);
  };
}

function watchStep(observer: Observer, command: Command, withRules: boolean): StepWatch {
  const times: { -readonly [phase in keyof StepTimes]: StepTimes[phase] } = { load: 0, decide: 0, commit: 0, rules: withRules ? 0 : null };
  const began = monotonic();
  const awaited = async <T>(phase: 'load' | 'commit', work: Promise<T>): Promise<T> => {
    const from = monotonic();
    try {
      return await work;
    } finally {
      times[phase] += monotonic() - from;
    }
  };
  const asked = { record: command.record, event: command.type, origin: command.origin };
  return {
    load: (work) => awaited('load', work),
    decide(work) {
      const from = monotonic();
      try {
        if (times.rules === null) return work();
        const { result, ms } = timingRules(work);
        times.rules += ms;
        return result;
      } finally {
        times.decide += monotonic() - from;
      }
    },
    commit: (work) => awaited('commit', work),
    taken({ state, decision, created }, tries) {
      observer.happened({
        kind: 'step',
        ...asked,
        process: state.process,
        number: state.number,
        sequence: state.version,
        hash: state.head,
        made: created.length,
        effects: decision.effects.length,
        tries,
        times,
      });
    },
    refused(error, process) {
      observer.happened({
        kind: 'refusal',
        ...asked,
        process: command.process ?? process,
        code: error instanceof EngineError ? error.code : 'INTERNAL',
        ms: monotonic() - began,
      });
    },
  };
}
