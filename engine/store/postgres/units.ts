/** Writes units on PostgreSQL: a batch is put together here and written by one call of the write function. */
import type { Clock } from '../../clock.js';
import { lexemes } from '../dialect/postgres.js';
import { movedMark } from '../failures.js';
import { fold, searchText } from '../reading/fold.js';
import type { StepWrite, WriteUnit } from '../types.js';
import { afterStep, assertCoherent, beforeSteps, linked, type More, numberKey, pathsText, targetOf, unlinked } from '../writing/rows.js';
import type { UnitWriting } from '../writing/units.js';
import { arrayText, type Group, groups, placeholders, Table } from './columns.js';
import { makePartitions, monthOf } from './partitions.js';
import { writeFunction } from './writeFunction.js';

interface Laid {
  readonly unit: WriteUnit;
  readonly before: readonly More[];
  readonly after: readonly More[];
}

/** Where a record stands within the batch. */
interface Standing {
  readonly place: number;
  /** Its place among those that lists show anew; null: as before. */
  readonly listed: number | null;
  readonly version: number;
  readonly head: string;
  /** What the first step of the batch found. */
  readonly expected: number;
  readonly previous: string;
}

export function postgresUnits(clock: Clock): UnitWriting<Laid> {
  const months = new Set<string>();
  return {
    encode(unit, known) {
      for (const step of unit.steps) {
        assertCoherent(step);
      }
      const links = unit.steps.flatMap(({ linksAdded, linksRemoved }) => [...linksAdded.map(linked), ...linksRemoved.map(unlinked)]);
      // Checks go their own way.
      const before = beforeSteps({ ...unit, check: [] }, clock.now());
      return { unit, before, after: [...unit.steps.flatMap((step) => afterStep(step, known)), ...links] };
    },
    async prepare(connection, units) {
      const born = units.flatMap(({ unit }) => unit.steps.flatMap((step) => (step.expectedVersion === 0 ? (monthOf(step.record.id) ?? []) : [])));
      const missing = [...new Set(born)].filter((month) => !months.has(month));
      await makePartitions(connection, missing);
      for (const month of missing) {
        months.add(month);
      }
    },
    async write(connection, units) {
      const { params, sql } = call(batchOf(units));
      await connection.run(sql, params);
    },
    async written(connection, { unit }) {
      const [first] = unit.steps;
      if (!first) {
        return null;
      }
      const found = await connection.all('SELECT 1 AS found FROM history WHERE record = ? AND sequence = ? AND hash = ?', [
        first.record.id,
        first.entry.sequence,
        first.entry.hash,
      ]);
      return found.length > 0;
    },
  };
}

interface Batch {
  readonly tables: { readonly [group in Group]: Table };
  readonly before: More[];
  readonly after: More[];
}

/** Puts steps of the same record together. Throws what the database would say if one does not follow the other. */
function batchOf(units: readonly Laid[]): Batch {
  const tables = Object.fromEntries((Object.keys(groups) as Group[]).map((group) => [group, new Table(group)])) as Batch['tables'];
  const batch: Batch = { tables, before: [], after: [] };
  const standings = new Map<string, Standing>();
  const timed = new Map<string, StepWrite>();
  const searched = new Map<string, string>();
  for (const { unit, before, after } of units) {
    for (const { record, version } of unit.check ?? []) {
      checkIn(batch, standings.get(record), { record, version });
    }
    batch.before.push(...before);
    batch.after.push(...after);
    for (const step of unit.steps) {
      standings.set(step.record.id, stand(batch, standings.get(step.record.id), step));
      if (step.timers !== null) {
        timed.set(step.record.id, step);
      }
      if (step.search !== null) {
        searched.set(step.record.id, searchText(step.record.number, step.search));
      }
    }
  }
  for (const step of timed.values()) {
    putTimers(batch, step);
  }
  for (const [record, words] of searched) {
    tables.s.put({ record, words: lexemes(words) });
  }
  return batch;
}

const moved = (): never => {
  throw new Error(movedMark);
};

function checkIn({ tables }: Batch, standing: Standing | undefined, { record, version }: { record: string; version: number }): void {
  if (standing === undefined) {
    tables.k.put({ record, version });
  } else if (standing.version !== version) {
    moved();
  }
}

function stand({ tables }: Batch, before: Standing | undefined, step: StepWrite): Standing {
  const { record, columns, entry, expectedVersion } = step;
  if (before && (before.version !== expectedVersion || before.head !== entry.previousHash)) {
    moved();
  }
  const { place, expected, previous, listed } = before ?? { place: tables.r.size, expected: expectedVersion, previous: entry.previousHash, listed: null };
  tables.r.put(
    {
      id: record.id,
      expected,
      previous,
      version: record.version,
      head: record.head,
      updated_at: record.updatedAt,
      paths: pathsText(step.paths),
      due: columns.due,
      state: JSON.stringify(record),
    },
    place,
  );
  const asListed = step.same.shown && step.same.standing ? listed : putListed(tables.l, step, { expected, place: listed ?? tables.l.size });
  putEntry(tables.e, step);
  for (const row of step.outbox) {
    tables.o.put({
      key: row.key,
      record: row.record,
      sequence: row.sequence,
      target: targetOf(row.effect),
      created_at: row.createdAt,
      effect: JSON.stringify(row.effect),
    });
  }
  return { place, listed: asListed, version: record.version, head: record.head, expected, previous };
}

function putListed(table: Table, { record, columns }: StepWrite, { expected, place }: { expected: number; place: number }): number {
  table.put(
    {
      ...columns,
      id: record.id,
      expected,
      definition: record.definition,
      status: record.status,
      importing: record.importing ? 1 : 0,
      title_key: columns.title === null ? null : fold(columns.title),
      number: record.number,
      number_key: numberKey(record.number),
      process: record.process,
      created_at: record.createdAt,
    },
    place,
  );
  return place;
}

function putEntry(table: Table, { entry }: StepWrite): void {
  table.put({
    record: entry.record,
    sequence: entry.sequence,
    at: entry.at,
    recorded_at: entry.recordedAt,
    actor: entry.actor,
    on_behalf_of: entry.onBehalfOf,
    origin: entry.origin,
    event: entry.event,
    process: entry.process,
    definition: entry.definition,
    reference: entry.reference,
    hash: entry.hash,
    previous_hash: entry.previousHash,
    text: entry.text,
    content: entry.values,
  });
}

function putTimers({ tables }: Batch, { record, timers }: StepWrite): void {
  tables.d.put({ record: record.id, keys: arrayText((timers ?? []).map(({ key }) => key)) });
  for (const { key, kind, event, data, dueAt } of timers ?? []) {
    tables.t.put({
      record: record.id,
      key,
      kind,
      event,
      data: data === undefined ? null : JSON.stringify(data),
      due_at: dueAt,
      held: record.importing ? 1 : 0,
    });
  }
}

const calls = new Map<string, string>();

/** Calls exist for 1, 2, 4, 8, … records and entries, so that few are ever prepared. */
function call({ tables, before, after }: Batch): { sql: string; params: (string | null)[] } {
  const width = (group: Group): number => (tables[group].size === 0 ? 0 : 2 ** Math.ceil(Math.log2(tables[group].size)));
  const widths = (Object.keys(groups) as Group[]).map((group) => [group, width(group)] as const);
  const shape = `${width('r')} ${width('e')}`;
  const sql =
    calls.get(shape) ?? `SELECT ${writeFunction}(${widths.map(([group, size]) => placeholders(group, size)).join(', ')}, CAST(? AS jsonb), CAST(? AS jsonb))`;
  calls.set(shape, sql);
  const lists = [JSON.stringify(before), JSON.stringify(after)];
  return { sql, params: [...widths.flatMap(([group, size]) => tables[group].params(size)), ...lists] };
}
