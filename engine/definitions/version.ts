/**
 * A definition version: the process files and the policy files they use, closed over and content-addressed.
 * Its text is canonical JSON (RFC 8785), which sorts keys; where the order of keys means something (regions, values that
 * build on each other, what people read) it is kept beside, and so counts for the hash.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { EngineError } from '../errors.js';
import type { Json, JsonObject, MessagesFile, PolicyFile, ProcessFiles, SharedRules } from './authored.js';
import { deepFreeze } from './freeze.js';
import { walkJson } from './normal.js';
import { valueAt } from './pointer.js';

export interface DefinitionVersion {
  /** SHA-256 of `text`, 64 hex digits. */
  readonly hash: string;
  readonly key: string;
  readonly files: ProcessFiles;
  /** The policy files it uses, by name. */
  readonly policy: { readonly [name: string]: PolicyFile };
  /** What is stored. */
  readonly text: string;
}

interface Stored {
  readonly key: string;
  readonly files: { readonly [file: string]: JsonObject };
  readonly policy: { readonly [name: string]: JsonObject };
  /** Keys in the authored order, by JSON pointer into `files` and `policy`. */
  readonly order: { readonly [pointer: string]: readonly string[] };
}

/** Closes a checked process over the policy files it uses. The same content gives the same hash, whoever wrote it down. */
export function closeOver(key: string, files: ProcessFiles, shared: SharedRules): DefinitionVersion {
  const own: Record<string, JsonObject> = {};
  for (const [name, file] of Object.entries(files)) if (file !== undefined) own[name] = withoutSchema(file as unknown as JsonObject);
  const policy: Record<string, JsonObject> = {};
  for (const name of usedPolicy(files, shared)) policy[name] = withoutSchema(shared.policy[name] as unknown as JsonObject);
  const order = { ...orderOf(own, '/files'), ...orderOf(policy, '/policy') };
  return parseVersion(canonical({ key, files: own, policy, order } satisfies Stored));
}

/**
 * The version that a stored text holds, frozen.
 * @throws EngineError DEFINITION_UNREADABLE when the text is not one.
 */
export function parseVersion(text: string): DefinitionVersion {
  let stored: Stored;
  try {
    stored = JSON.parse(text) as Stored;
    for (const [pointer, keys] of Object.entries(stored.order)) reorder(stored, pointer, keys);
    if (typeof stored.key !== 'string' || !stored.files['statechart.json']) throw new TypeError('it holds no statechart');
  } catch (cause) {
    throw new EngineError('DEFINITION_UNREADABLE', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
  const { key, files, policy } = stored;
  return deepFreeze({ hash: sha256(text), key, files: files as unknown as ProcessFiles, policy: policy as unknown as DefinitionVersion['policy'], text });
}

/** The reference rules as they are kept beside: their hash goes into history. */
export function referenceVersion(shared: SharedRules): { readonly hash: string; readonly text: string } {
  const files = Object.fromEntries(Object.entries(shared.reference).map(([name, file]) => [name, withoutSchema(file as unknown as JsonObject)]));
  const text = canonical(files);
  return { hash: sha256(text), text };
}

function canonical(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new EngineError('INTERNAL', { reason: 'a definition has no canonical form' });
  return text;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function withoutSchema(file: JsonObject): JsonObject {
  const { $schema: _schema, ...rest } = file;
  return rest;
}

/** Names of the policy files that rules, fields and messages name. A name that only looks like a use does no harm. */
function usedPolicy(files: ProcessFiles, { policy }: SharedRules): readonly string[] {
  const used = new Set<string>();
  const use = (name: Json | undefined): void => {
    if (typeof name === 'string' && Object.hasOwn(policy, name)) used.add(name);
  };
  const messageSets = Object.entries(policy).flatMap(([name, file]): [string, MessagesFile][] => (file.kind === 'messages' ? [[name, file.messages]] : []));
  walkJson(files as unknown as Json, (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { table, choice, choices, message } = value as JsonObject;
    if (Array.isArray(table)) use(table[0]);
    if (Array.isArray(choice)) use(choice[0]);
    use(choices);
    if (typeof message === 'string') for (const [name, messages] of messageSets) if (Object.hasOwn(messages, message)) used.add(name);
  });
  return [...used].sort();
}

/** Objects in which the order of keys says something; others are read by key. */
const ordered = new Set([
  'states',
  'on',
  'after',
  'properties',
  'guards',
  'values',
  'checks',
  'delays',
  'actions',
  'links',
  'clocks',
  'approvals',
  'schedules',
  'kpis',
  'params',
  'data',
  'fields',
  'users',
  'records',
  'columns',
  'messages',
  'roles',
]);

function orderOf(root: { readonly [name: string]: Json }, base: string): Record<string, readonly string[]> {
  const order: Record<string, readonly string[]> = {};
  walkJson(root, (value, pointer) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    if (!ordered.has(pointer.slice(pointer.lastIndexOf('/') + 1))) return;
    const keys = Object.keys(value);
    if (keys.some((key, index) => index > 0 && (keys[index - 1] as string) > key)) order[base + pointer] = keys;
  });
  return order;
}

function reorder(stored: Stored, pointer: string, keys: readonly string[]): void {
  const cut = pointer.lastIndexOf('/');
  const holder = valueAt(stored as unknown as Json, pointer.slice(0, cut)) as Record<string, Json> | undefined;
  const current = valueAt(stored as unknown as Json, pointer) as JsonObject | undefined;
  if (!holder || !current) throw new TypeError(`the order of ${pointer} has nothing to order`);
  const name = pointer
    .slice(cut + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  holder[name] = Object.fromEntries(keys.map((key) => [key, current[key] as Json]));
}
