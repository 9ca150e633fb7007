/** What differs between two versions of a process, told to its owner. */
import type { Difference } from '../engine.js';
import type { Json, JsonObject, PolicyFile, ProcessFiles } from './authored.js';
import { wordDifference } from './differenceWords.js';
import { joinPointer } from './pointer.js';

/** A version, or anything that has its files and the policy files it uses. */
export interface Comparable {
  readonly files: ProcessFiles;
  readonly policy?: { readonly [name: string]: PolicyFile };
}

interface Change {
  readonly file: string;
  readonly pointer: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Every difference with a sentence, file by file. What is equal but written in another way (a bare target, key order) is none. */
export function difference(before: Comparable, after: Comparable): readonly Difference[] {
  const changes = [
    ...compareFiles(before.files as unknown as JsonObject, after.files as unknown as JsonObject, ''),
    ...compareFiles((before.policy ?? {}) as unknown as JsonObject, (after.policy ?? {}) as unknown as JsonObject, 'policy/'),
  ];
  return changes.map((change) => ({
    file: change.file,
    pointer: change.pointer,
    kind: change.before === undefined ? 'added' : change.after === undefined ? 'removed' : 'changed',
    before: change.before ?? null,
    after: change.after ?? null,
    sentence: wordDifference(change, { before, after }),
  }));
}

const fileOrder = ['statechart.json', 'rules.json', 'form.json', 'process.json', 'messages.json', 'scenarios.json', 'migration.json'];

function compareFiles(before: JsonObject, after: JsonObject, folder: string): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort((a, b) => fileOrder.indexOf(a) - fileOrder.indexOf(b) || (a < b ? -1 : 1));
  return names.flatMap((name) => {
    const file = folder === '' ? name : `${folder}${name}.json`;
    return compare({ file, pointer: '', before: before[name], after: after[name] }, name === 'statechart.json' && folder === '');
  });
}

/** Members whose parts are told one by one; every other value is told as a whole. */
const opened =
  /^(|\/(guards|values|checks|delays|actions|descriptions|properties|links|clocks|approvals|schedules|kpis|evidence|columns|create|read|comments|clauses|entries|rows|roles|messages|week|scenarios|invariants|states|fields)|\/properties\/[^/]+|\/properties\/[^/]+\/x-charter|\/(clocks|approvals|links|schedules|checks|evidence)\/[^/]+)$/;
const openedInChart = /^((\/states\/[^/]+)*(\/(states|on|after|meta))?|.*\/on\/[^/]+(\/\d+)?(\/meta)?|.*\/after\/[^/]+(\/\d+)?|.*\/(always|onDone)(\/\d+)?)$/;

function compare(change: Change, chart: boolean): readonly Change[] {
  const before = chart ? inFull(change.before, change.pointer) : change.before;
  const after = chart ? inFull(change.after, change.pointer) : change.after;
  if (same(before, after)) return [];
  const pattern = chart ? openedInChart : opened;
  if (!isHolder(before) || !isHolder(after) || Array.isArray(before) !== Array.isArray(after) || !pattern.test(change.pointer))
    return [{ ...change, before, after }];
  if (Array.isArray(before) && !isKeyedList(before, after as readonly Json[])) return [{ ...change, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) =>
    compare({ file: change.file, pointer: joinPointer(change.pointer, key), before: memberOf(before, key), after: memberOf(after, key) }, chart),
  );
}

/** Transitions may be written as a bare target, or alone instead of in a list. */
function inFull(value: Json | undefined, pointer: string): Json | undefined {
  if (!/\/(on|after)\/[^/]+$|\/(always|onDone)$/.test(pointer) || value === undefined) return value;
  const list = (Array.isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? { target: one } : one));
  return list.length === 1 ? (list[0] as Json) : list;
}

/** Lists of equal length are compared item by item; else the whole list is told. */
function isKeyedList(before: readonly Json[], after: readonly Json[]): boolean {
  return before.length === after.length;
}

function isHolder(value: Json | undefined): value is JsonObject | readonly Json[] {
  return typeof value === 'object' && value !== null;
}

function memberOf(holder: JsonObject | readonly Json[], key: string): Json | undefined {
  return Object.hasOwn(holder, key) ? (holder as JsonObject)[key] : undefined;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (!isHolder(a) || !isHolder(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(memberOf(a, key), memberOf(b, key)));
}
