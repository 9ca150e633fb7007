/** Reads and checks everything in `rules/`: policy and reference, by name. */
import type { Problem } from '../engine.js';
import { checkCalendar, checkList, checkTable } from '../rules/index.js';
import type { CalendarFile, Json, ListFile, PolicyFile, ReferenceFile, RolesFile, SharedRules, TableFile } from './authored.js';
import { deepFreeze } from './freeze.js';
import { joinPointer } from './pointer.js';
import { type ReadJson, readJson } from './read.js';
import { createReport, type Report, sorted } from './report.js';
import { checkSchema, shown } from './schema.js';

export interface CheckedShared {
  /** What could be read, frozen. With an error among the problems it must not be put in force. */
  readonly shared: SharedRules;
  readonly problems: readonly Problem[];
}

const schemaOf = {
  policy: { table: 'table', list: 'list', roles: 'roles', messages: 'messageSet' },
  reference: { calendar: 'calendar', table: 'table', list: 'list' },
} as const;
type Folder = keyof typeof schemaOf;
type SharedFile = PolicyFile | ReferenceFile;

const sharedPath = /^(policy|reference)\/([a-z][a-z0-9-]{0,63})\.json$/;

/** `texts`: path below `rules/` (`policy/priority.json`) to text. */
export function readShared(texts: { readonly [path: string]: string }): CheckedShared {
  const reads = new Map<string, ReadJson>();
  const report = createReport('', reads);
  const found: { readonly [folder in Folder]: Record<string, SharedFile> } = { policy: {}, reference: {} };
  for (const [path, text] of Object.entries(texts)) {
    const match = sharedPath.exec(path);
    if (!match) {
      report.add(
        'SHARED_FILE',
        { file: path, pointer: '' },
        { path, reason: path.endsWith('.json') ? 'the folder or the name is not one that is read' : 'it is not a .json file' },
      );
      continue;
    }
    const read = readJson(path, text);
    reads.set(path, read);
    report.addPlaced(read.problems);
    const file = read.value === undefined ? undefined : checkFile(match[1] as Folder, read.value, { file: path, report });
    if (file) found[match[1] as Folder][match[2] as string] = file;
  }
  checkTogether(found as unknown as SharedRules, report);
  return { shared: deepFreeze(found as unknown as SharedRules), problems: sorted(report.problems) };
}

/** The same rules without a check: for texts that were checked before and had no errors. */
export function takeShared(texts: { readonly [path: string]: string }): SharedRules {
  const found: { readonly [folder in Folder]: Record<string, SharedFile> } = { policy: {}, reference: {} };
  for (const [path, text] of Object.entries(texts)) {
    const match = sharedPath.exec(path);
    if (match) found[match[1] as Folder][match[2] as string] = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as SharedFile;
  }
  return deepFreeze(found as unknown as SharedRules);
}

function checkFile(folder: Folder, value: Json, place: { file: string; report: Report }): SharedFile | undefined {
  const kinds: Readonly<Record<string, string>> = schemaOf[folder];
  const kind = typeof value === 'object' && value !== null && Object.hasOwn(value, 'kind') ? (value as { kind: Json }).kind : undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
    place.report.add('SHARED_KIND', { file: place.file, pointer: '/kind' }, { folder, found: shown(kind), allowed: Object.keys(kinds).join(', ') });
    return undefined;
  }
  const accepted = checkSchema(kinds[kind] as string, value, place) as SharedFile | undefined;
  if (accepted) checkContent(accepted, place);
  return accepted;
}

function checkContent(file: SharedFile, { file: path, report }: { file: string; report: Report }): void {
  if (file.kind === 'table') for (const one of checkTable(file as TableFile)) report.addWorded(path, one);
  if (file.kind === 'calendar') for (const one of checkCalendar(file as CalendarFile)) report.addWorded(path, one);
  if (file.kind === 'list') for (const one of checkList(file as ListFile)) report.addWorded(path, one);
}

/** Names must be unique where a rule says only the name. */
function checkTogether({ policy, reference }: SharedRules, report: Report): void {
  for (const name of Object.keys(reference)) {
    if (Object.hasOwn(policy, name)) report.add('SHARED_NAME_TAKEN', { file: `reference/${name}.json`, pointer: '' }, { name });
  }
  const declare = (seen: Map<string, string>, names: readonly string[], place: { file: string; pointer: string }): void => {
    for (const name of names) {
      const other = seen.get(name);
      if (other !== undefined)
        report.add('SHARED_ENTRY_DUPLICATE', { file: place.file, pointer: joinPointer(place.pointer, name), what: 'key' }, { name, other });
      else seen.set(name, place.file);
    }
  };
  const roles = new Map<string, string>();
  const messages = new Map<string, string>();
  for (const [name, file] of Object.entries(policy)) {
    if (file.kind === 'roles') declare(roles, Object.keys((file as RolesFile).roles), { file: `policy/${name}.json`, pointer: '/roles' });
    if (file.kind === 'messages') declare(messages, Object.keys(file.messages), { file: `policy/${name}.json`, pointer: '/messages' });
  }
}
