/**
 * The authored format: what process owners write, as TypeScript sees it once it has been parsed and checked.
 * The published JSON Schemas in `schemas/` are the format itself; these types follow them.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A JSON-logic rule: an object with exactly one operator, or a literal. */
export type Rule = Json;

/** An ISO 8601 duration, business time on a calendar, an instant held in a field, or a rule that gives one of these. */
export type DelaySpec =
  | string
  | number
  | { readonly business: Rule; readonly calendar: Rule }
  | { readonly until: Rule }
  | { readonly rule: Rule };

/** One field a transition asks for. A bare name stands for `{ field: name }`. */
export type FormField = string | { readonly field: string; readonly required?: boolean; readonly default?: Rule };

export interface ActionSpec {
  readonly type: string;
  readonly params?: JsonObject;
}
export type ActionList = string | ActionSpec | readonly (string | ActionSpec)[];

export interface TransitionMeta {
  readonly title?: string;
  /** Roles of which the actor must hold one. Absent: open to all who may see the record. */
  readonly roles?: readonly string[];
  /** Whoever one of these fields names (user or team fields, or `createdBy`) may take it too, without holding a role. */
  readonly named?: readonly string[];
  readonly form?: readonly FormField[];
  readonly help?: string;
  /** `primary`, `danger` or absent; how the button looks. */
  readonly emphasis?: 'primary' | 'danger';
}

export interface TransitionSpec {
  readonly target?: string | readonly string[];
  readonly guard?: string | { readonly type: string };
  readonly actions?: ActionList;
  readonly description?: string;
  readonly reenter?: boolean;
  readonly meta?: TransitionMeta;
}
export type TransitionSpecs = string | TransitionSpec | readonly (string | TransitionSpec)[];

export interface StateMeta {
  readonly title?: string;
  readonly description?: string;
  readonly [key: string]: unknown;
}

export interface StateSpec {
  readonly id?: string;
  readonly type?: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly initial?: string;
  readonly states?: { readonly [key: string]: StateSpec };
  readonly on?: { readonly [event: string]: TransitionSpecs };
  readonly always?: TransitionSpecs;
  readonly after?: { readonly [delay: string]: TransitionSpecs };
  readonly onDone?: TransitionSpecs;
  readonly entry?: ActionList;
  readonly exit?: ActionList;
  readonly history?: boolean | 'shallow' | 'deep';
  readonly target?: string;
  readonly output?: Json;
  readonly tags?: string | readonly string[];
  readonly description?: string;
  readonly meta?: StateMeta;
}

/** `statechart.json`: an XState v5 machine config. */
export interface StatechartFile extends StateSpec {
  readonly $schema?: string;
  readonly version?: string;
}

/** `rules.json`: JSON-logic by name. `descriptions` holds a sentence for any of the names. */
export interface RulesFile {
  readonly $schema?: string;
  readonly guards?: { readonly [name: string]: Rule };
  readonly values?: { readonly [field: string]: Rule };
  readonly checks?: { readonly [name: string]: CheckSpec };
  readonly delays?: { readonly [name: string]: DelaySpec };
  readonly actions?: { readonly [name: string]: readonly (string | ActionSpec)[] };
  readonly descriptions?: { readonly [name: string]: string };
}

/** A cross-field validation: `rule` must be true, else `message` is shown at `field`. */
export interface CheckSpec {
  readonly rule: Rule;
  readonly message: string;
  readonly field?: string;
}

/** What Charter adds to a property of `form.json`. */
export interface FieldAnnotation {
  readonly widget?: 'text' | 'textarea' | 'select' | 'radio' | 'checkbox' | 'date' | 'datetime' | 'number' | 'duration' | 'reference' | 'tags' | 'json';
  readonly section?: string;
  /** Shown (and asked for) only while this rule is true; sees `record` and `event`. */
  readonly showWhen?: Rule;
  readonly reference?: { readonly kind: 'user' | 'team' | 'record'; readonly process?: string };
  readonly personal?: boolean;
  readonly confidential?: boolean;
  /** Roles that may read a confidential field. */
  readonly readers?: readonly string[];
  /** Names a policy list (`rules/policy`) whose entries are the choices. */
  readonly choices?: string;
  readonly unit?: string;
  readonly placeholder?: string;
}

export interface FieldSchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly title?: string;
  readonly description?: string;
  readonly format?: 'date' | 'date-time' | 'duration' | 'email' | 'uri' | 'time';
  readonly enum?: readonly Json[];
  readonly oneOf?: readonly { readonly const: Json; readonly title?: string; readonly description?: string }[];
  readonly items?: FieldSchema;
  readonly properties?: { readonly [name: string]: FieldSchema };
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly default?: Json;
  readonly readOnly?: boolean;
  readonly examples?: readonly Json[];
  readonly 'x-charter'?: FieldAnnotation;
}

/** `form.json`: one JSON Schema (2020-12) of all the record's fields. */
export interface FormFile {
  readonly $schema?: string;
  readonly type: 'object';
  readonly title?: string;
  readonly properties: { readonly [field: string]: FieldSchema };
  /** Fields that are required wherever a form (or the creation without `create.form`) asks for them. */
  readonly required?: readonly string[];
  readonly 'x-charter'?: { readonly sections?: readonly { readonly name: string; readonly title: string; readonly description?: string }[] };
}

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
  readonly measure: JsonObject;
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
  /** Comments: who may write one (default: who may read), and whether internal ones exist. */
  readonly comments?: { readonly roles?: readonly string[]; readonly internal?: readonly string[] };
}
export type ColumnName = 'title' | 'assignee' | 'team' | 'priority' | 'requester' | 'service' | 'due';

/** `messages.json`: texts that `notify` names. Substitution of `{{record.field}}` only. */
export interface MessagesFile {
  readonly [name: string]: { readonly subject: string; readonly text: string } | string;
}

/** `migration.json`: how records of an older version come over. */
export interface MigrationFile {
  readonly $schema?: string;
  readonly from?: string | readonly string[];
  readonly states?: { readonly [oldPath: string]: string };
  readonly fields?: { readonly [newField: string]: Rule };
  readonly clocks?: { readonly [name: string]: 'carry' | 'restart' };
  readonly timers?: 'carry' | 'restart';
  readonly votes?: 'lapse' | 'carry';
}

export interface ScenarioExpectation {
  readonly state?: string | readonly string[];
  readonly status?: 'active' | 'done';
  readonly fields?: JsonObject;
  readonly clocks?: { readonly [name: string]: { readonly status?: string; readonly breached?: boolean; readonly elapsed?: string; readonly remaining?: string; readonly dueAt?: string } };
  readonly effects?: readonly JsonObject[];
  readonly votes?: { readonly [approval: string]: JsonObject };
  /** The step must be refused; `rule`/`field` name what refused it. */
  readonly refused?: { readonly code: string; readonly rule?: string; readonly field?: string };
}

/** One step: an event by somebody, time passing, or a signal from another record. */
export interface ScenarioStep {
  readonly as?: string;
  readonly event?: string;
  readonly data?: JsonObject;
  readonly wait?: string;
  readonly signal?: string;
  readonly comment?: string;
  readonly expect?: ScenarioExpectation;
}

export interface Scenario {
  readonly name: string;
  readonly description?: string;
  readonly given?: {
    readonly at?: string;
    readonly users?: { readonly [id: string]: { readonly roles?: readonly string[]; readonly teams?: readonly string[]; readonly standIn?: string; readonly absent?: boolean } };
    /** Other records that references and links may name, by the id used in data. */
    readonly records?: { readonly [id: string]: { readonly process: string; readonly data: JsonObject; readonly state?: string } };
    readonly as?: string;
    readonly data?: JsonObject;
  };
  readonly steps: readonly ScenarioStep[];
}

export interface Invariant {
  readonly name: string;
  readonly description?: string;
  /** Must be true after every step on every path. Sees what rules see, and the operator `visited`. */
  readonly rule: Rule;
}

/** `scenarios.json`. */
export interface ScenariosFile {
  readonly $schema?: string;
  readonly scenarios?: readonly Scenario[];
  readonly invariants?: readonly Invariant[];
}

/** A process folder: file name to parsed content. */
export interface ProcessFiles {
  readonly 'statechart.json': StatechartFile;
  readonly 'rules.json'?: RulesFile;
  readonly 'form.json'?: FormFile;
  readonly 'process.json'?: ProcessFile;
  readonly 'scenarios.json'?: ScenariosFile;
  readonly 'messages.json'?: MessagesFile;
  readonly 'migration.json'?: MigrationFile;
}

// ---- rules/policy and rules/reference -------------------------------------------------------------------------------

/** A decision table: the first row all of whose cells match gives the result. A cell is a literal (equal), a list (any of), `{min,max}` (a range, inclusive) or null (any). */
export interface TableFile {
  readonly $schema?: string;
  readonly kind: 'table';
  readonly title?: string;
  readonly description?: string;
  readonly inputs: readonly { readonly name: string; readonly type: 'string' | 'number' | 'boolean'; readonly values?: readonly Json[] }[];
  readonly output: { readonly name: string; readonly type: 'string' | 'number' | 'boolean' | 'object' };
  readonly rows: readonly { readonly when: readonly Json[]; readonly then: Json }[];
  readonly default?: Json;
}

/** A list of choices with facts about each (reasons, codes, categories): `id`, `title` and any flags. */
export interface ListFile {
  readonly $schema?: string;
  readonly kind: 'list';
  readonly title?: string;
  readonly description?: string;
  readonly entries: readonly ({ readonly id: string; readonly title: string } & JsonObject)[];
}

export interface RolesFile {
  readonly $schema?: string;
  readonly kind: 'roles';
  readonly roles: { readonly [role: string]: { readonly title: string; readonly description?: string } };
}

/** `rules/policy/<name>.json`; the name is the table's, list's or message set's name. */
export type PolicyFile = TableFile | ListFile | RolesFile | { readonly kind: 'messages'; readonly messages: MessagesFile };

/** A working calendar. `week` maps `mon`…`sun` to opening intervals in local time of the zone. */
export interface CalendarFile {
  readonly $schema?: string;
  readonly kind: 'calendar';
  readonly title?: string;
  readonly zone: string;
  readonly week: { readonly [day in 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun']?: readonly { readonly from: string; readonly to: string }[] };
  readonly holidays?: readonly { readonly date: string; readonly title?: string; readonly open?: readonly { readonly from: string; readonly to: string }[] }[];
}

/** Reference rules: calendars, and tables that act on open records at once (service levels, limits, freeze windows). */
export type ReferenceFile = CalendarFile | TableFile | ListFile;

/** Everything in `rules/`, by name. */
export interface SharedRules {
  readonly policy: { readonly [name: string]: PolicyFile };
  readonly reference: { readonly [name: string]: ReferenceFile };
}
