/** process.json: names, references, columns, numbers. */
import type { ColumnName, FieldSchema, LinkSpec } from '../authored.js';
import { isInside, type Model } from '../model.js';
import { engineFields } from '../normal.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { checkCreationData } from './actionParams.js';
import type { CheckContext } from './check.js';
import { cronFault } from './cron.js';
import { nameableEvents } from './events.js';
import { checkComing, checkKnown, checkName, knownProcesses, ownKeys } from './names.js';

const file = 'process.json';

export function checkProcessFile(model: Model, report: Report, { unreadable }: CheckContext): void {
  const process = model.files['process.json'];
  if (!process) return;
  if (process.key !== undefined && process.key !== model.key) report.add('ID_MISMATCH', { file, pointer: '/key' }, { found: process.key, key: model.key });
  checkPrefix(model, report);
  for (const part of ['links', 'clocks', 'approvals', 'schedules', 'kpis'] as const) {
    for (const name of Object.keys(process[part] ?? {})) checkName(name, part.slice(0, -1), { file, pointer: joinPointer(`/${part}`, name), report });
  }
  for (const [name, link] of Object.entries(process.links ?? {})) {
    for (const [index, key] of (link.to ?? []).entries()) checkComing(key, { file, pointer: `${joinPointer('/links', name)}/to/${index}` }, { model, report });
    checkSeenLink(name, link, model, report);
  }
  checkClocks(model, report);
  checkSchedules(model, report, unreadable.has('form.json'));
  if (!unreadable.has('form.json')) checkFields(model, report);
}

/** A link that is seen from elsewhere: its name must exist there, and it has nothing of its own. */
function checkSeenLink(name: string, link: LinkSpec, model: Model, report: Report): void {
  const pointer = joinPointer('/links', name);
  const own = model.files['process.json']?.links ?? {};
  if (link.reverse !== undefined && link.shared !== undefined) report.add('LINK_SEEN', { file, pointer }, { name, reason: 'it is reverse and shared at once' });
  if (link.shared !== undefined) checkKnown(link.shared, ownKeys(own), report, { code: 'LINK_UNKNOWN', fact: 'name', file, pointer: `${pointer}/shared` });
  if (link.reverse === undefined) return;
  for (const key of link.to ?? []) {
    const theirs = key === model.key ? own : model.around.processes.get(key)?.process?.links;
    if (theirs !== undefined && !Object.hasOwn(theirs, link.reverse))
      report.add('LINK_REVERSE_UNKNOWN', { file, pointer: `${pointer}/reverse` }, { name: link.reverse, process: key });
  }
}

function checkPrefix(model: Model, report: Report): void {
  const prefix = model.files['process.json']?.prefix;
  if (prefix === undefined) return;
  if (!/^[A-Z][A-Z0-9]{0,9}$/.test(prefix)) report.add('PREFIX_INVALID', { file, pointer: '/prefix' }, { prefix: JSON.stringify(prefix) });
  for (const [other, { process }] of model.around.processes) {
    if (other !== model.key && process?.prefix === prefix) report.add('PREFIX_TAKEN', { file, pointer: '/prefix' }, { prefix, other });
  }
}

function checkFields(model: Model, report: Report): void {
  const process = model.files['process.json'];
  const known = new Set([...model.fields.keys(), ...engineFields, 'state']);
  for (const [index, field] of (process?.list ?? []).entries())
    checkKnown(field, known, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: `/list/${index}` });
  for (const [index, field] of (process?.read?.named ?? []).entries()) checkNamed(field, { model, report, file, pointer: `/read/named/${index}` });
  for (const { spec, pointer } of model.transitions) {
    for (const [index, field] of (spec.meta?.named ?? []).entries())
      checkNamed(field, { model, report, file: 'statechart.json', pointer: `${pointer}/meta/named/${index}` });
  }
  for (const [name, field] of Object.entries(process?.columns ?? {}) as [ColumnName, string][]) {
    const pointer = joinPointer('/columns', name);
    if (checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer }))
      checkColumn(name, field, { schema: model.fields.get(field) as FieldSchema, pointer, report });
  }
}

/** A field by which somebody is named: a user's or team's, or who opened the record. */
function checkNamed(field: string, { model, report, file: at, pointer }: { model: Model; report: Report; file: string; pointer: string }): void {
  if (field === 'createdBy') return;
  if (!checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file: at, pointer })) return;
  if (!names(model.fields.get(field) as FieldSchema, ['user', 'team'])) report.add('FIELD_NO_REFERENCE', { file: at, pointer }, { field });
}

function names(schema: FieldSchema, kinds: readonly string[]): boolean {
  const kind = schema['x-charter']?.reference?.kind ?? schema.items?.['x-charter']?.reference?.kind;
  return kind !== undefined && kinds.includes(kind);
}

const referenceColumns: { readonly [column in ColumnName]?: string } = { assignee: 'user', requester: 'user', team: 'team' };

function checkColumn(column: ColumnName, field: string, { schema, pointer, report }: { schema: FieldSchema; pointer: string; report: Report }): void {
  const wrong = (reason: string): void => report.add('COLUMN_TYPE', { file, pointer }, { column, field, reason });
  const { type, format } = schema;
  if (column === 'due') {
    if (type !== 'string' || (format !== 'date-time' && format !== 'date')) wrong('it must be text in the format date-time or date');
  } else if (column === 'priority' || column === 'title') {
    if (type !== undefined && !['string', 'number', 'integer'].includes(type)) wrong('it must hold text or a number');
  } else if (type !== 'string') wrong('it must hold text');
  else if (referenceColumns[column] !== undefined && !names(schema, [referenceColumns[column]]))
    report.add('COLUMN_REFERENCE', { file, pointer }, { column, field, kind: referenceColumns[column] });
}

function checkClocks(model: Model, report: Report): void {
  const events = nameableEvents(model);
  for (const [name, clock] of Object.entries(model.files['process.json']?.clocks ?? {})) {
    const pointer = joinPointer('/clocks', name);
    for (const part of ['runs', 'pauses', 'stops'] as const) {
      for (const [index, path] of (clock[part]?.in ?? []).entries()) checkState(path, { model, report, pointer: `${pointer}/${part}/in/${index}` });
    }
    for (const [index, fraction] of (clock.warnings ?? []).entries()) {
      if (!(fraction > 0 && fraction < 1)) report.add('CLOCK_WARNING', { file, pointer: `${pointer}/warnings/${index}` }, { found: fraction });
    }
    for (const [index, event] of (clock.restartOn ?? []).entries()) {
      if (model.states.length > 0) checkKnown(event, events, report, { code: 'EVENT_UNKNOWN', fact: 'event', file, pointer: `${pointer}/restartOn/${index}` });
    }
    const halts = [clock.pauses, clock.stops].flatMap((condition) => (condition && condition.when === undefined ? condition.in : []));
    const covered = clock.runs.in.every((path) => halts.some((halt) => isCovered(path, halt, model)));
    if (covered) report.add('CLOCK_NEVER_RUNS', { file, pointer: `${pointer}/runs` }, { clock: name });
  }
}

/** Whether the record is in `halt` whenever it is in `path`. */
function isCovered(path: string, halt: string, { byPath }: Model): boolean {
  const [inner, outer] = [byPath.get(path), byPath.get(halt)];
  return inner !== undefined && outer !== undefined && isInside(inner, outer);
}

/** A state named by its path. */
export function checkState(path: string, { model, report, pointer, file: at = file }: { model: Model; report: Report; pointer: string; file?: string }): void {
  if (model.states.length > 0) checkKnown(path, model.byPath, report, { code: 'STATE_UNKNOWN', fact: 'state', file: at, pointer });
}

function checkSchedules(model: Model, report: Report, noForm: boolean): void {
  for (const [name, schedule] of Object.entries(model.files['process.json']?.schedules ?? {})) {
    const pointer = joinPointer('/schedules', name);
    const fault = cronFault(schedule.cron);
    if (fault !== null) report.add('CRON_INVALID', { file, pointer: `${pointer}/cron` }, { cron: JSON.stringify(schedule.cron), reason: fault });
    if (schedule.timezone !== undefined && !isZone(schedule.timezone))
      report.add('ZONE_UNKNOWN', { file, pointer: `${pointer}/timezone` }, { zone: JSON.stringify(schedule.timezone) });
    const target = schedule.create.process ?? model.key;
    checkKnown(target, knownProcesses(model), report, { code: 'PROCESS_UNKNOWN', fact: 'process', file, pointer: `${pointer}/create/process` });
    const known = target === model.key ? !noForm : model.around.processes.has(target);
    if (known) checkCreationData(target, schedule.create.data, { model, report, file, pointer: `${pointer}/create/data`, literal: true });
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+|[A-Z]{3,4})$/.test(name);
  } catch {
    return false;
  }
}
