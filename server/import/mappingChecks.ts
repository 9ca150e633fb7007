/** What the schema of a mapping can not say: names that must exist, zones and formats that must mean something. */
import { IANAZone } from 'luxon';
import { columnUses } from './columnsUsed.js';
import { formatIsUsable } from './instants.js';
import type { ColumnSpec, MappingFile, ValueSpec } from './mappingFile.js';
import { segment } from './mappingText.js';

/** Tells of one fault: where, and what is wrong with how to mend it. */
export type Report = (pointer: string, message: string) => void;

export function checkMapping(mapping: MappingFile, report: Report): void {
  if (!IANAZone.isValidZone(mapping.time.zone))
    report('/time/zone', `${JSON.stringify(mapping.time.zone)} is not a time zone; use an IANA name such as Europe/Berlin, or UTC`);
  if (!formatIsUsable(mapping.time.format)) report('/time/format', 'the format must name year, month and day, each part once');
  checkLabels(mapping, report);
  for (const { spec, pointer } of specs(mapping)) checkSpec(mapping, spec, (where, message) => report(`${pointer}${where}`, message));
  const used = new Set(columnUses(mapping).map((use) => use.column));
  for (const column of Object.keys(mapping.ignore ?? {})) {
    if (used.has(column)) report(`/ignore/${segment(column)}`, 'this column is used, so it can not be ignored as well');
  }
}

/** Compares the columns a mapping speaks of with those the file has. */
export function checkColumns(mapping: MappingFile, columns: readonly string[], report: Report): void {
  const uses = columnUses(mapping);
  const present = new Set(columns);
  for (const use of uses) if (!present.has(use.column)) report(use.pointer, `the file has no column ${JSON.stringify(use.column)}`);
  for (const column of Object.keys(mapping.ignore ?? {}))
    if (!present.has(column)) report(`/ignore/${segment(column)}`, `the file has no column ${JSON.stringify(column)}`);
  const spoken = new Set([...uses.map((use) => use.column), ...Object.keys(mapping.ignore ?? {})]);
  for (const column of columns)
    if (!spoken.has(column)) report('', `the file's column ${JSON.stringify(column)} is neither used nor ignored; list it under "ignore" with the reason`);
}

function checkLabels(mapping: MappingFile, report: Report): void {
  const known = mapping.state.labels;
  const check = (label: string, pointer: string): void => {
    if (!Object.hasOwn(known, label)) report(pointer, `the state column has no label ${JSON.stringify(label)} under /state/labels`);
  };
  check(mapping.create.state, '/create/state');
  mapping.steps.forEach((group, g) => {
    group.rules.forEach((rule, r) => {
      for (const key of ['from', 'to'] as const)
        for (const [l, label] of (rule.when?.[key] ?? []).entries()) check(label, `/steps/${g}/rules/${r}/when/${key}/${l}`);
    });
  });
  if (mapping.compare === undefined) return;
  check(mapping.compare.resolved, '/compare/resolved');
  for (const [index, label] of mapping.compare.closed.entries()) check(label, `/compare/closed/${index}`);
}

function checkSpec(mapping: MappingFile, spec: ValueSpec, report: Report): void {
  if (typeof spec === 'string' || !('column' in spec)) return;
  const { table, as, column } = spec as ColumnSpec;
  if (table !== undefined && !Object.hasOwn(mapping.tables ?? {}, table)) report('/table', `there is no table ${JSON.stringify(table)}`);
  if (table !== undefined && as !== undefined) report('/as', 'a value comes from a table or from a transform, not from both');
  if (as === 'person' && !(mapping.people ?? []).some((people) => people.columns.includes(column)))
    report('/as', `the column ${JSON.stringify(column)} is not listed under /people`);
  if (as === 'team' && !(mapping.teams ?? []).some((teams) => teams.columns.includes(column)))
    report('/as', `the column ${JSON.stringify(column)} is not listed under /teams`);
}

function specs(mapping: MappingFile): { spec: ValueSpec; pointer: string }[] {
  const data = (fields: { readonly [field: string]: ValueSpec } | undefined, pointer: string): { spec: ValueSpec; pointer: string }[] =>
    Object.entries(fields ?? {}).map(([field, spec]) => ({ spec, pointer: `${pointer}/${segment(field)}` }));
  const sent = mapping.steps.flatMap((group, g) =>
    group.rules.flatMap((rule, r) =>
      rule.send.flatMap((send, s) => (['data', 'changed'] as const).flatMap((key) => data(send[key], `/steps/${g}/rules/${r}/send/${s}/${key}`))),
    ),
  );
  return [...data(mapping.create.data, '/create/data'), ...sent];
}
