/**
 * The authored format: what process owners write, as TypeScript sees it once it has been parsed and checked.
 * The published JSON Schemas in `schemas/` are the format itself; these types follow them.
 */

import type { ProcessFile } from './authoredProcess.js';
import type { ScenariosFile } from './authoredTrial.js';

export type * from './authoredProcess.js';
export type * from './authoredShared.js';
export type * from './authoredTrial.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A JSON-logic rule: an object with exactly one operator, or a literal. */
export type Rule = Json;

/** An ISO 8601 duration, business time on a calendar, an instant held in a field, or a rule that gives one of these. */
export type DelaySpec = string | number | { readonly business: Rule; readonly calendar: Rule } | { readonly until: Rule } | { readonly rule: Rule };

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
