/** `process.json`, as authored: clocks, approvals, links, schedules, reading rights. */
import type { DelaySpec, FormField, JsonObject, Rule } from './authored.js';

/** Where something holds: in any of these states (paths such as `active.waiting`), and, when given, while the rule is true. */
export interface Condition {
  readonly in: readonly string[];
  readonly when?: Rule;
}

/** An SLA clock. Precedence when several hold: stops, pauses, runs; when none holds a started clock is paused. */
export interface ClockSpec {
  readonly title?: string;
  readonly runs: Condition;
  readonly pauses?: Condition & { readonly reason?: Rule };
  readonly stops?: Condition;
  /** `business` counts on the calendar; an ISO 8601 duration or `rule` counts all hours. Recomputed on every step. */
  readonly target: DelaySpec;
  /** Fractions of the target at which `clock.<name>.warning` arrives; breach is always at 1. */
  readonly warnings?: readonly number[];
  /** What happens when it runs again after it stopped: `resume` goes on counting, `restart` begins a new cycle. Default `resume`. */
  readonly onRestart?: 'resume' | 'restart';
  /** Restarts (a new cycle) whenever one of these events is taken. */
  readonly restartOn?: readonly string[];
}

export type Quorum = 'all' | 'any' | 'first' | { readonly number: number } | { readonly percent: number };

export interface ApprovalStepSpec {
  readonly name: string;
  readonly title?: string;
  /** Who votes: holders of roles, members of teams named by a rule, users named by a rule (one id or a list). */
  readonly voters: { readonly roles?: readonly string[]; readonly teams?: Rule; readonly users?: Rule };
  readonly quorum: Quorum;
  /** The step is skipped when this rule is false. */
  readonly when?: Rule;
}

/** An approval belongs to a state; an attempt begins whenever that state is entered. */
export interface ApprovalSpec {
  readonly title?: string;
  readonly state: string;
  /** Fields whose change makes the attempt lapse (`approval.<name>.lapsed`). */
  readonly binds: readonly string[];
  readonly steps: readonly ApprovalStepSpec[];
  /** Users who may not vote: rules that give a user id or a list of them. */
  readonly exclude?: readonly Rule[];
  /** Voters who are absent may be stood in for by the stand-in they named. Default true. */
  readonly standIns?: boolean;
}

export interface LinkSpec {
  readonly title: string;
  /** Processes at the other end; absent: any. */
  readonly to?: readonly string[];
  readonly inverse?: string;
  readonly many?: boolean;
  /** Seen from the other end: the records that link here under this name. */
  readonly reverse?: string;
  /** Siblings: the open records that link, under this name, to something this record links to under it. */
  readonly shared?: string;
  /** Who suffers when something fails: `source` when the linked record does, `target` when this record does. */
  readonly impact?: 'source' | 'target';
}

export interface ScheduleSpec {
  readonly title?: string;
  readonly cron: string;
  readonly timezone?: string;
  readonly create: { readonly process?: string; readonly data: JsonObject };
}

export interface KpiSpec {
  readonly title: string;
  readonly description?: string;
  readonly unit?: string;
  readonly target?: number;
  readonly direction?: 'up' | 'down';
  readonly measure: KpiMeasure;
}

/** Exactly one of the first five; `of` says over which records. The rules see the record, its states, clocks, votes and counts of links. */
export interface KpiMeasure {
  readonly percent?: Rule;
  readonly count?: Rule;
  readonly median?: Rule;
  readonly average?: Rule;
  readonly sum?: Rule;
  readonly of?: Rule;
}

/** Which records, and what in them, prove that a clause is met. */
export interface EvidenceSpec {
  readonly clause: { readonly '2018'?: string; readonly '2011'?: string };
  readonly title: string;
  /** Fields that must be filled in for a record to count. */
  readonly fields?: readonly string[];
  /** Which records count; absent: all. */
  readonly when?: Rule;
  /** The field that says when it was proven, a date or an instant; absent: when the record was opened. */
  readonly dated?: string;
  /** An ISO 8601 duration: overdue when the newest proof is older. Absent: never. */
  readonly every?: string;
}

/** `process.json`. */
export interface ProcessFile {
  readonly $schema?: string;
  readonly key?: string;
  readonly title?: string;
  readonly plural?: string;
  readonly description?: string;
  /** Menu group, e.g. `Resolution`. */
  readonly group?: string;
  readonly clauses?: { readonly '2018'?: readonly string[]; readonly '2011'?: readonly string[] };
  readonly owner?: string;
  readonly prefix?: string;
  readonly create?: { readonly roles?: readonly string[]; readonly form?: readonly FormField[]; readonly title?: string };
  /** `roles` may read all records; `named`: fields (user or team) whose holder may read the record. Absent: whoever is signed in. */
  readonly read?: { readonly roles?: readonly string[]; readonly named?: readonly string[] };
  /** Maps the real columns, by which lists sort and filter, to fields. */
  readonly columns?: { readonly [column in ColumnName]?: string };
  /** Fields shown in lists, in order. */
  readonly list?: readonly string[];
  readonly links?: { readonly [name: string]: LinkSpec };
  readonly clocks?: { readonly [name: string]: ClockSpec };
  readonly approvals?: { readonly [name: string]: ApprovalSpec };
  readonly schedules?: { readonly [name: string]: ScheduleSpec };
  readonly kpis?: { readonly [name: string]: KpiSpec };
  readonly evidence?: readonly EvidenceSpec[];
  /** Comments: who may write one (default: who may read), and whether internal ones exist. */
  readonly comments?: { readonly roles?: readonly string[]; readonly internal?: readonly string[] };
}
export type ColumnName = 'title' | 'assignee' | 'team' | 'priority' | 'requester' | 'service' | 'due';
