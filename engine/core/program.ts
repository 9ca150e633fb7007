/** A definition version made ready to run: chart, rules, forms and clocks, each compiled once. */
import type {
  ActionSpec,
  ApprovalSpec,
  CalendarFile,
  CheckSpec,
  ClockSpec,
  Condition,
  FieldSchema,
  FormFile,
  LinkSpec,
  PolicyFile,
  ProcessFile,
  ProcessFiles,
  ReferenceFile,
  Rule,
} from '../definitions/authored.js';
import type { DefinitionVersion } from '../definitions/index.js';
import { type Calendar, type CompiledDelay, type CompiledRule, compileCalendar, compileDelay, compileRule, type RuleEnvironment } from '../rules/index.js';
import { actionsFor, type ProgramActions } from './actions.js';
import { compileChart } from './compile.js';
import type { QuotedFields } from './factBook.js';
import { guardHolds } from './facts.js';
import { compileFields, type FieldSet } from './form.js';
import type { Candidate, Kernel } from './kernel.js';
import { quotedFields } from './quotedFields.js';

export interface CompiledCondition {
  readonly in: readonly string[];
  readonly when: CompiledRule | null;
}

export interface CompiledClock {
  readonly name: string;
  readonly spec: ClockSpec;
  readonly runs: CompiledCondition;
  readonly pauses: CompiledCondition | null;
  readonly pauseReason: CompiledRule | null;
  readonly stops: CompiledCondition | null;
  readonly target: CompiledDelay;
}

export interface CompiledApproval {
  readonly name: string;
  readonly spec: ApprovalSpec;
  readonly exclude: readonly CompiledRule[];
  readonly steps: readonly { readonly when: CompiledRule | null; readonly users: CompiledRule | null; readonly teams: CompiledRule | null }[];
}

export interface CompiledCheck {
  readonly name: string;
  readonly spec: CheckSpec;
  readonly rule: CompiledRule;
}

export interface Program {
  readonly key: string;
  readonly hash: string;
  readonly files: ProcessFiles;
  readonly policy: { readonly [name: string]: PolicyFile };
  readonly process: ProcessFile;
  readonly form: FormFile;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  readonly titles: ReadonlyMap<string, string>;
  readonly kernel: Kernel;
  readonly guards: ReadonlyMap<string, CompiledRule>;
  /** Computed fields, in the order in which they depend on each other. */
  readonly values: readonly (readonly [string, CompiledRule])[];
  readonly checks: readonly CompiledCheck[];
  readonly delays: ReadonlyMap<string, CompiledDelay>;
  readonly clocks: readonly CompiledClock[];
  readonly approvals: ReadonlyMap<string, CompiledApproval>;
  readonly actions: ProgramActions;
  readonly fieldSet: FieldSet;
  /** The links the process declares. */
  readonly links: ReadonlyMap<string, LinkSpec>;
  /** What rules read of other records. */
  readonly quoted: QuotedFields;
  /** Approvals in which a transition's actions vote. */
  votesOf(candidate: Candidate): readonly string[];
  /** What people call an event: its transition's title, or words made from its name. */
  eventTitle(event: string): string;
  /** Rules that stand inline (in action params, defaults, conditions), compiled once. */
  rule(rule: Rule, name: string): CompiledRule;
}

/** Compiles a checked definition version. Costs milliseconds: keep the result with the version's hash. */
export function compileProgram(version: DefinitionVersion): Program {
  const { files, key } = version;
  const rules = files['rules.json'] ?? {};
  const process = files['process.json'] ?? {};
  const form: FormFile = files['form.json'] ?? { type: 'object', properties: {} };
  const inline = new Map<Rule, CompiledRule>();
  const rule = (source: Rule, name: string): CompiledRule => {
    const found = inline.get(source) ?? compileRule(name, source);
    inline.set(source, found);
    return found;
  };
  const base = {
    key,
    hash: version.hash,
    files,
    policy: version.policy,
    process,
    form,
    fields: new Map(Object.entries(form.properties)),
    titles: fieldTitles(form),
    guards: mapOf(rules.guards, (source, name) => compileRule(name, source)),
    values: inDependencyOrder(mapOf(rules.values, (source, name) => compileRule(name, source))),
    checks: Object.entries(rules.checks ?? {}).map(([name, spec]) => ({ name, spec, rule: compileRule(name, spec.rule) })),
    delays: mapOf(rules.delays, (spec, name) => compileDelay(name, spec)),
    clocks: Object.entries(process.clocks ?? {}).map(([name, spec]) => compileClock(name, spec, rule)),
    approvals: mapOf(process.approvals, (spec, name) => compileApproval(name, spec, rule)),
    fieldSet: compileFields(form, version.policy),
    links: new Map(Object.entries(process.links ?? {})),
    quoted: quotedFields(files),
    rule,
  };
  const actions = actionsFor(base);
  const kernel = compileChart(key, files['statechart.json'], {
    guard: (name, step, event, paths) => guardHolds(base, name, { step, event, paths }),
    action: actions.run,
    expand: actions.expand,
    extra: (path, when) => approvalActions(process, path, when),
  });
  const votesOf = (candidate: Candidate) =>
    candidate.actions
      .flatMap((action) =>
        typeof action === 'string' ? actions.expand(action) : Object.hasOwn(rules.actions ?? {}, action.type) ? actions.expand(action.type) : [action],
      )
      .flatMap((action) => (action.type === 'vote' ? [String(action.params?.approval)] : []));
  return { ...base, actions, kernel, votesOf, eventTitle: (event) => kernel.eventTitles.get(event) ?? eventInWords(event, base) };
}

/** `clock.resolution.breached` reads “Resolution: breached”, `after.autoClose` reads “After auto close”. */
function eventInWords(event: string, base: { readonly process: ProcessFile }): string {
  const [first = '', name = '', last = ''] = event.split('.');
  const titled = first === 'clock' ? base.process.clocks?.[name]?.title : first === 'approval' ? base.process.approvals?.[name]?.title : undefined;
  if (first === 'clock' || first === 'approval') return `${titled ?? inWords(name)}: ${inWords(last).toLowerCase()}`;
  if (first === 'after') return `After ${inWords(name).toLowerCase()}`;
  return event === 'record.measured' ? 'Figures measured' : inWords(event.replaceAll('.', ' '));
}

function inWords(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Tables, lists and calendars that rules see: the version's own policy and the reference rules in force. */
export function createEnvironment(policy: { readonly [name: string]: PolicyFile }, reference: { readonly [name: string]: ReferenceFile }): RuleEnvironment {
  const all = { ...reference, ...policy };
  const opened = new Map<string, Calendar>();
  const tables = new Map();
  const lists = new Map();
  for (const [name, file] of Object.entries(all)) {
    if (file.kind === 'calendar') opened.set(name, calendarOf(name, file));
    if (file.kind === 'table') tables.set(name, file);
    if (file.kind === 'list') lists.set(name, file);
  }
  return { tables, lists, calendars: opened };
}

/** A calendar remembers the days it has worked out, so all environments share it. */
const calendars = new WeakMap<CalendarFile, Calendar>();

function calendarOf(name: string, file: CalendarFile): Calendar {
  const known = calendars.get(file) ?? compileCalendar(name, file);
  calendars.set(file, known);
  return known;
}

function approvalActions(process: ProcessFile, path: string, when: 'entry' | 'exit'): readonly ActionSpec[] {
  const names = Object.entries(process.approvals ?? {}).filter(([, spec]) => spec.state === path);
  return names.map(([approval]) => ({ type: when === 'entry' ? 'charter.approval.begin' : 'charter.approval.end', params: { approval } }));
}

function compileClock(name: string, spec: ClockSpec, rule: Program['rule']): CompiledClock {
  const condition = (source: Condition | undefined, part: string): CompiledCondition | null =>
    source ? { in: source.in, when: source.when === undefined ? null : rule(source.when, `clocks.${name}.${part}`) } : null;
  return {
    name,
    spec,
    runs: condition(spec.runs, 'runs') as CompiledCondition,
    pauses: condition(spec.pauses, 'pauses'),
    pauseReason: spec.pauses?.reason === undefined ? null : rule(spec.pauses.reason, `clocks.${name}.reason`),
    stops: condition(spec.stops, 'stops'),
    target: compileDelay(`clocks.${name}.target`, spec.target),
  };
}

function compileApproval(name: string, spec: ApprovalSpec, rule: Program['rule']): CompiledApproval {
  const optional = (source: Rule | undefined, part: string) => (source === undefined ? null : rule(source, `approvals.${name}.${part}`));
  return {
    name,
    spec,
    exclude: (spec.exclude ?? []).map((source) => rule(source, `approvals.${name}.exclude`)),
    steps: spec.steps.map((step) => ({
      when: optional(step.when, `${step.name}.when`),
      users: optional(step.voters.users, `${step.name}.users`),
      teams: optional(step.voters.teams, `${step.name}.teams`),
    })),
  };
}

function fieldTitles(form: FormFile): ReadonlyMap<string, string> {
  return new Map(Object.entries(form.properties).map(([field, schema]) => [field, schema.title ?? field]));
}

function mapOf<S, T>(source: { readonly [name: string]: S } | undefined, build: (value: S, name: string) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(source ?? {}).map(([name, value]) => [name, build(value, name)]));
}

/** A computed field stands after the computed fields it reads; the checker has refused circles. */
function inDependencyOrder(values: ReadonlyMap<string, CompiledRule>): readonly (readonly [string, CompiledRule])[] {
  const ordered: (readonly [string, CompiledRule])[] = [];
  const seen = new Set<string>();
  const visit = (field: string): void => {
    const rule = values.get(field);
    if (!rule || seen.has(field)) return;
    seen.add(field);
    for (const path of rule.reads) if (path.startsWith('record.')) visit(path.slice('record.'.length).split('.')[0] as string);
    ordered.push([field, rule]);
  };
  for (const field of values.keys()) visit(field);
  return ordered;
}
