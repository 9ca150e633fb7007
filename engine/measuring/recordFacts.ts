/** What figures and evidence see of a stored record: its data, states, clocks, votes and links; no event, and nobody acts. */

import { factsOf } from '../core/facts.js';
import { lookingStep } from '../core/looking.js';
import type { Program } from '../core/program.js';
import type { StepContext } from '../core/step.js';
import type { RuleEnvironment, RuleFacts } from '../rules/index.js';
import type { EngineContext } from '../runtime/context.js';
import { createLookups, type FetchedLookups } from '../runtime/lookups.js';
import type { RecordState } from '../types.js';

/** A record with the facts that rules of `program` read of it. */
export interface LookedAt {
  readonly record: RecordState;
  readonly environment: RuleEnvironment;
  /** Links and referenced records are looked up whenever they are read. */
  readonly facts: RuleFacts;
  /** Whether a rule asked for records that have to be fetched before it is asked again. */
  missing(): boolean;
  fetch(): Promise<void>;
}

/** `program` is the process as it is now; the states are those of the record's own version. */
export function lookAt(context: EngineContext, record: RecordState, { program, own, now }: { program: Program; own: Program; now: number }): LookedAt {
  const environment = context.library.environment(program);
  // Most rules ask for no other record.
  let made: FetchedLookups | null = null;
  const lookups = (): FetchedLookups => {
    made ??= createLookups(context.directory, context.store.records, record.id);
    return made;
  };
  const paths = own.kernel.pathSet(record);
  return {
    record,
    environment,
    facts: factsOf(program, { step: stepOf(record, { now, environment, lookups }), event: nothingSent, paths }),
    missing: () => made?.missing() === true,
    fetch: () => lookups().fetch(),
  };
}

const nothingSent = { type: '', data: {} } as const;
const nobody = { id: 'system', roles: [], teams: [] } as const;

/** Lookups are made when the first rule asks. */
function stepOf(record: RecordState, { now, environment, lookups }: { now: number; environment: RuleEnvironment; lookups: () => FetchedLookups }): StepContext {
  const step = lookingStep(record, {
    at: now,
    actor: nobody,
    environment,
    get lookups() {
      return lookups();
    },
  });
  const { number, createdAt, createdBy, updatedAt, data } = record;
  const own = { number, createdAt: new Date(createdAt).toISOString(), createdBy, updatedAt: new Date(updatedAt).toISOString() };
  // A step that happens has the present as its last change, a record that is looked at its own.
  step.seen = { of: data, facts: { ...data, ...own }, own };
  return step;
}
