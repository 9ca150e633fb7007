/** What figures and evidence see of a stored record: its data, states, clocks, votes and links; no event, and nobody acts. */

import { factsOf } from '../core/facts.js';
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
  readonly lookups: FetchedLookups;
}

/** `program` is the process as it is now; the states are those of the record's own version. */
export function lookAt(context: EngineContext, record: RecordState, { program, own, now }: { program: Program; own: Program; now: number }): LookedAt {
  const environment = context.library.environment(program);
  const lookups = createLookups(context.directory, context.store.records, record.id);
  const paths = own.kernel.pathSet(record);
  const event = { type: '', data: {} };
  return { record, environment, lookups, facts: factsOf(program, { step: stepOf(record, { now, environment, lookups }), event, paths }) };
}

function stepOf(record: RecordState, { now, environment, lookups }: { now: number; environment: RuleEnvironment; lookups: FetchedLookups }): StepContext {
  const { number, createdAt, createdBy, updatedAt, data, links, clocks, approvals } = record;
  const own = { number, createdAt: new Date(createdAt).toISOString(), createdBy, updatedAt: new Date(updatedAt).toISOString() };
  return {
    at: now,
    actor: { id: 'system', roles: [], teams: [] },
    number,
    createdAt,
    createdBy,
    lookups,
    environment,
    seen: { of: data, facts: { ...data, ...own } },
    record: data,
    links,
    clocks,
    approvals,
    armed: {},
    raised: {},
    effects: [],
    children: [],
    linkChanges: [],
    marks: [],
    taken: [],
    trail: [],
    raisedWithin: [],
    failure: null,
  };
}
