/** The mapping as its author writes it: how rows of another system's log become steps that people can take here. The published schema `mapping.json` is the format. */
import type { Json } from '../../engine/index.js';

export interface ColumnSpec {
  readonly column: string;
  /** A table of the mapping; a value it does not list refuses the row. */
  readonly table?: string;
  readonly as?: 'slug' | 'lower' | 'boolean' | 'number' | 'instant' | 'person' | 'team';
  /** Given where the source says unknown. Absent: the field is left out, or cleared where it was known before. */
  readonly otherwise?: Json;
}

/** A column's name, a column with a transform, a constant, or a text with `{column}` in it. */
export type ValueSpec = string | ColumnSpec | { readonly value: Json } | { readonly text: string };

/** All that are given must hold. Columns are compared as the source wrote them; labels are those of the state column. */
export interface When {
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  /** `true`: the state is another one, `false`: the same. */
  readonly moved?: boolean;
  /** At least one of these columns differs, and no earlier step of the row carries it. */
  readonly changed?: readonly string[];
  /** None of these columns differs. */
  readonly unchanged?: readonly string[];
  readonly known?: readonly string[];
  readonly unknown?: readonly string[];
  /** `true`: nothing differs at all, so someone wrote an update whose content the log does not hold. */
  readonly same?: boolean;
  /** Whether this is the first row of its case. */
  readonly first?: boolean;
}

export interface SendSpec {
  readonly event: string;
  readonly data?: { readonly [field: string]: ValueSpec };
  /** Given only where the column differs from the row before and no earlier step of the row carries it. */
  readonly changed?: { readonly [field: string]: ValueSpec };
}

export interface StepRule {
  readonly when?: When;
  /** The last event brings the record into the state that the row names. */
  readonly moves?: boolean;
  readonly send: readonly SendSpec[];
}

/** Rules of which the first that holds is followed. */
export interface StepGroup {
  readonly name: string;
  readonly rules: readonly StepRule[];
}

export interface ActorSpec {
  readonly column: string;
  /** The person where the source does not know. Absent: such a row is refused. */
  readonly otherwise?: string;
  readonly roles: readonly string[];
  readonly teams?: readonly ValueSpec[];
}

export interface PeopleSpec {
  readonly columns: readonly string[];
  readonly prefix?: string;
  readonly roles?: readonly string[];
  readonly active?: boolean;
}

export interface StateLabel {
  /** Path of a state that the record must be in. */
  readonly in: string;
  /** Values its fields must have as well. */
  readonly where?: { readonly [field: string]: Json };
}

/** A field whose values are counted under the source's own words. */
export interface CountedField {
  readonly field: string;
  readonly labels?: { readonly [value: string]: string };
  readonly column?: string;
}

export interface CompareSpec {
  readonly openedAt: string;
  readonly resolvedAt?: string;
  readonly resolved: string;
  readonly closed: readonly string[];
  /** True where every first row takes steps of its own after the creation; they and the creation are one update. */
  readonly firstRowHasSteps?: boolean;
  readonly priority?: CountedField;
  readonly contact?: CountedField;
  readonly madeSla?: CountedField;
  readonly team?: CountedField;
  readonly reassignments?: string;
  readonly problem?: CountedField;
  readonly change?: CountedField;
  /** Why a figure may differ, by the figure's name. */
  readonly reasons?: { readonly [figure: string]: string };
}

export interface MappingFile {
  readonly $schema?: string;
  readonly title?: string;
  readonly source?: { readonly [key: string]: string };
  readonly process: string;
  readonly case: string;
  /** The record's field that keeps the case's number; by it a record is found again. */
  readonly numberField: string;
  readonly time: { readonly zone: string; readonly format: string };
  readonly unknown?: readonly string[];
  /** Columns left out on purpose, each with the reason. A column that is neither used nor listed here is a fault. */
  readonly ignore?: { readonly [column: string]: string };
  readonly tables?: { readonly [name: string]: { readonly [source: string]: Json } };
  readonly people?: readonly PeopleSpec[];
  readonly teams?: readonly Omit<PeopleSpec, 'roles' | 'active'>[];
  readonly at: string;
  readonly actor: ActorSpec;
  readonly state: { readonly column: string; readonly labels: { readonly [label: string]: StateLabel } };
  readonly create: { readonly at: string; readonly actor: ActorSpec; readonly state: string; readonly data: { readonly [field: string]: ValueSpec } };
  readonly steps: readonly StepGroup[];
  readonly compare?: CompareSpec;
}
