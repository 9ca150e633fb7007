/** What pages need around records: definitions, names, titles of choices. Loaded once for a request. */
import type { DefinitionView, Json, JsonObject, RecordView } from '../../engine/index.js';
import { type DefinitionWords, wordsOf } from '../presenters/definitionWords.js';
import { createNames, type Names } from '../presenters/names.js';
import type { ValueContext } from '../presenters/values.js';
import type { Visit } from '../web/visit.js';

export interface Reading extends ValueContext {
  readonly now: number;
  readonly names: Names;
  words(record: RecordView): DefinitionWords;
  definition(record: RecordView): DefinitionView;
}

/** Titles of the entries of the policy lists a definition uses. */
function listsOf(definitions: readonly DefinitionView[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const lists = new Map<string, Map<string, string>>();
  for (const { policy } of definitions) {
    for (const [name, file] of Object.entries(policy)) {
      const { kind, entries } = file as { kind?: Json; entries?: Json };
      if (kind !== 'list' || !Array.isArray(entries)) continue;
      lists.set(name, new Map(entries.map((entry: Json) => [String((entry as JsonObject).id), String((entry as JsonObject).title)])));
    }
  }
  return lists;
}

/** Ids in fields that point at other records, so that their numbers and titles can be shown. */
function pointedAt(records: readonly RecordView[], definitions: ReadonlyMap<string, DefinitionView>): readonly string[] {
  const ids = new Set<string>();
  for (const record of records) {
    for (const [name, schema] of Object.entries(definitions.get(record.definitionVersion)?.form.properties ?? {})) {
      const reference = schema['x-charter']?.reference ?? schema.items?.['x-charter']?.reference;
      if (reference?.kind !== 'record') continue;
      const value = record.data[name];
      for (const id of Array.isArray(value) ? value : [value]) if (typeof id === 'string') ids.add(id);
    }
  }
  return [...ids].slice(0, 100);
}

/** Reads what it takes to show these records to this visitor. */
export async function readAround(visit: Visit, records: readonly RecordView[]): Promise<Reading> {
  const { engine } = visit.services;
  const versions = new Map(records.map((record) => [record.definitionVersion, record.process]));
  const loaded = await Promise.all([...versions].map(([hash, process]) => engine.definition(process, visit.actor, hash)));
  const definitions = new Map([...versions.keys()].map((hash, index) => [hash, loaded[index] as DefinitionView]));
  const [users, teams, pointed] = await Promise.all([
    engine.users(),
    engine.teams(),
    Promise.all(pointedAt(records, definitions).map((id) => engine.record(id, visit.actor).catch(() => null))),
  ]);
  const definition = (record: RecordView): DefinitionView => definitions.get(record.definitionVersion) as DefinitionView;
  return {
    now: engine.now(),
    zone: visit.zone,
    names: createNames(
      users,
      teams,
      pointed.filter((record) => record !== null),
    ),
    lists: listsOf(loaded),
    definition,
    words: (record) => wordsOf(definition(record)),
  };
}
