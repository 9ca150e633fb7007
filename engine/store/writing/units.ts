/** How a dialect writes units of steps: what the queue (`writer.ts`) is told of it. */
import type { Connection } from '../connection.js';
import type { WriteUnit } from '../types.js';

export interface UnitWriting<Encoded> {
  /** Lays a unit out for writing. `known`: configurations that need not be stored again. Throws INTERNAL for steps that contradict themselves. */
  encode(unit: WriteUnit, known: ReadonlySet<string>): Encoded;
  /** What must stand before these units can be written, such as a partition for their history; outside of any transaction. */
  prepare?(connection: Connection, units: readonly Encoded[]): Promise<void>;
  /** Writes all of them in their order, or none: one statement. */
  write(connection: Connection, units: readonly Encoded[]): Promise<void>;
  /** Whether a unit was written that nobody was told of, after the connection was lost; null: it can not be told from the store. */
  written?(connection: Connection, unit: Encoded): Promise<boolean | null>;
}
