/** A step that is thrown away: what rules see of a record as it stands, without anything happening. */
import type { RuleEnvironment } from '../rules/index.js';
import type { Actor, RecordState } from '../types.js';
import type { Lookups, StepContext } from './step.js';

interface Looking {
  readonly at: number;
  readonly actor: Actor;
  /** Asked for when a rule needs them, so whoever looks at many records may make them only then. */
  readonly lookups: Lookups;
  readonly environment: RuleEnvironment;
}

/** `record` is null where one would only be made. */
export function lookingStep(record: RecordState | null, looking: Looking): StepContext {
  const { at, actor, environment } = looking;
  return {
    at,
    actor,
    get lookups() {
      return looking.lookups;
    },
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
