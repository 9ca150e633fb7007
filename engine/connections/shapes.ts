/** What is connected with a record, as pages and programs are given it. */

/** A record in a neighbourhood. `distance`: connections from the record it was asked for. */
export interface Neighbour {
  readonly id: string;
  readonly number: string;
  readonly process: string;
  readonly title: string;
  readonly paths: readonly string[];
  readonly status: 'active' | 'done';
  readonly distance: number;
}

/** A link, or a field that names a record; from the one that has it to the one it names. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly title: string;
  readonly kind: 'link' | 'field';
}

export interface Neighbourhood {
  readonly records: readonly Neighbour[];
  readonly connections: readonly Connection[];
  /** There is more than is shown. */
  readonly more: boolean;
}

/** A record that suffers when another fails, and the ids of the records on the way to it, the failing one first. */
export interface Affected extends Neighbour {
  readonly way: readonly string[];
}

export interface Impact {
  readonly affected: readonly Affected[];
  readonly more: boolean;
}
