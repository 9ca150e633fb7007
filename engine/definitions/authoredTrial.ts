/** `scenarios.json`: walks and invariants, as authored. */
import type { JsonObject, Rule } from './authored.js';

export interface ScenarioExpectation {
  readonly state?: string | readonly string[];
  readonly status?: 'active' | 'done';
  readonly fields?: JsonObject;
  readonly clocks?: {
    readonly [name: string]: {
      readonly status?: string;
      readonly breached?: boolean;
      readonly elapsed?: string;
      readonly remaining?: string;
      readonly dueAt?: string;
    };
  };
  readonly effects?: readonly JsonObject[];
  readonly votes?: { readonly [approval: string]: JsonObject };
  /** The step must be refused; `rule`/`field` name what refused it. */
  readonly refused?: { readonly code: string; readonly rule?: string; readonly field?: string };
}

/** What is known of another record. Only the keys that are given change. */
export interface OtherRecord {
  readonly record: string;
  readonly data?: JsonObject;
  /** All state paths it is in, outer ones too. */
  readonly states?: readonly string[];
  /** One state path, which stands for itself and the outer ones. */
  readonly state?: string;
  readonly status?: 'active' | 'done';
  /** Links under which this record now sees it, or sees it no more. */
  readonly linked?: readonly string[];
  readonly unlinked?: readonly string[];
}

/** One step: an event by somebody, time passing, a signal from another record, or something that happens to another record. */
export interface ScenarioStep {
  readonly as?: string;
  readonly event?: string;
  readonly data?: JsonObject;
  readonly wait?: string;
  readonly signal?: string;
  readonly other?: OtherRecord;
  readonly comment?: string;
  readonly expect?: ScenarioExpectation;
}

export interface Scenario {
  readonly name: string;
  readonly description?: string;
  readonly given?: {
    readonly at?: string;
    readonly users?: {
      readonly [id: string]: { readonly roles?: readonly string[]; readonly teams?: readonly string[]; readonly standIn?: string; readonly absent?: boolean };
    };
    /** Other records that references and links may name, by the id used in data. */
    readonly records?: { readonly [id: string]: Omit<OtherRecord, 'record' | 'unlinked'> & { readonly process: string; readonly data: JsonObject } };
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
