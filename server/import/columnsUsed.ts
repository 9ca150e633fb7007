/** Which columns a mapping uses, and where it says so. */

import type { ActorSpec, MappingFile, ValueSpec } from './mappingFile.js';
import { segment } from './mappingText.js';

export interface ColumnUse {
  readonly column: string;
  readonly pointer: string;
}

/** Columns that one value is made from. */
export function columnsOf(spec: ValueSpec): readonly string[] {
  if (typeof spec === 'string') return [spec];
  if ('column' in spec) return [spec.column];
  if ('text' in spec) return [...spec.text.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '');
  return [];
}

/** Columns whose differences the steps have to carry: what makes up the record, and its state. */
export function trackedColumns(mapping: MappingFile): readonly string[] {
  const columns = new Set<string>([mapping.state.column]);
  for (const use of stepUses(mapping)) columns.add(use.column);
  for (const use of dataUses(mapping.create.data, '/create/data')) columns.add(use.column);
  columns.delete(mapping.case);
  columns.delete(mapping.create.at);
  columns.delete(mapping.at);
  return [...columns];
}

/** Every use of a column, in the order of the file. */
export function columnUses(mapping: MappingFile): readonly ColumnUse[] {
  const { compare } = mapping;
  return [
    { column: mapping.case, pointer: '/case' },
    ...(mapping.people ?? []).flatMap((people, index) => list(people.columns, `/people/${index}/columns`)),
    ...(mapping.teams ?? []).flatMap((teams, index) => list(teams.columns, `/teams/${index}/columns`)),
    { column: mapping.at, pointer: '/at' },
    ...actorUses(mapping.actor, '/actor'),
    { column: mapping.state.column, pointer: '/state/column' },
    { column: mapping.create.at, pointer: '/create/at' },
    ...actorUses(mapping.create.actor, '/create/actor'),
    ...dataUses(mapping.create.data, '/create/data'),
    ...stepUses(mapping),
    ...(compare === undefined ? [] : compareUses(compare)),
  ];
}

function compareUses(compare: NonNullable<MappingFile['compare']>): ColumnUse[] {
  const plain = (['openedAt', 'resolvedAt', 'reassignments'] as const).flatMap((key) =>
    compare[key] === undefined ? [] : [{ column: compare[key], pointer: `/compare/${key}` }],
  );
  const counted = (['priority', 'contact', 'madeSla', 'team', 'problem', 'change'] as const).flatMap((key) => {
    const column = compare[key]?.column;
    return column === undefined ? [] : [{ column, pointer: `/compare/${key}/column` }];
  });
  return [...plain, ...counted];
}

function stepUses(mapping: MappingFile): ColumnUse[] {
  return mapping.steps.flatMap((group, g) =>
    group.rules.flatMap((rule, r) => {
      const at = `/steps/${g}/rules/${r}`;
      const when = (['changed', 'unchanged', 'known', 'unknown'] as const).flatMap((key) => list(rule.when?.[key] ?? [], `${at}/when/${key}`));
      const sent = rule.send.flatMap((send, s) => [
        ...dataUses(send.data ?? {}, `${at}/send/${s}/data`),
        ...dataUses(send.changed ?? {}, `${at}/send/${s}/changed`),
      ]);
      return [...when, ...sent];
    }),
  );
}

function dataUses(data: { readonly [field: string]: ValueSpec }, pointer: string): ColumnUse[] {
  return Object.entries(data).flatMap(([field, spec]) => columnsOf(spec).map((column) => ({ column, pointer: `${pointer}/${segment(field)}` })));
}

function actorUses(actor: ActorSpec, pointer: string): ColumnUse[] {
  const teams = (actor.teams ?? []).flatMap((spec, index) => columnsOf(spec).map((column) => ({ column, pointer: `${pointer}/teams/${index}` })));
  return [{ column: actor.column, pointer: `${pointer}/column` }, ...teams];
}

function list(columns: readonly string[], pointer: string): ColumnUse[] {
  return columns.map((column, index) => ({ column, pointer: `${pointer}/${index}` }));
}
