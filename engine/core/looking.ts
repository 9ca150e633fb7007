/** A step that is thrown away: what rules see of a record as it stands, without anything happening. */
import type { RuleEnvironment } from '../rules/index.js';
import type { Actor, RecordState } from '../types.js';
import type { Lookups, StepContext } from './step.js';

interface Looking {
  readonly at: number;
  readonly actor: Actor;
  readonly lookups: Lookups;
  readonly environment: RuleEnvironment;
}

/** `record` is null where one would only be made. */
export function lookingStep(record: RecordState | null, { at, actor, lookups, environment }: Looking): StepContext {
  return {
    at,
    actor,
    lookups,
    environment,
    number: record?.number ?? '',
    createdAt: record?.createdAt ?? at,
    createdBy: record?.createdBy ?? actor.id,
    record: record?.data ?? {},
    links: record?.links ?? {},
    clocks: record?.clocks ?? {},
    approvals: { ...record?.approvals },
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
