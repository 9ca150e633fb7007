/** `rules/`: what several processes share, as authored. */
import type { Json, JsonObject, MessagesFile } from './authored.js';

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
