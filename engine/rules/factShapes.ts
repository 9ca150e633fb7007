/** The shapes of the facts a rule may read, by path. */
import { anything, instant, number, type Shape, shapeOfField, text, truth } from './shapes.js';
import type { CheckOptions } from './types.js';

const reserved: ReadonlyMap<string, Shape> = new Map([
  ['number', text],
  ['createdAt', instant],
  ['createdBy', { ...text, reference: true }],
  ['updatedAt', instant],
]);
const actor: ReadonlyMap<string, Shape> = new Map([
  ['id', { ...text, reference: true }],
  ['roles', { kind: 'list', element: { ...text, reference: true } }],
  ['teams', { kind: 'list', element: { ...text, reference: true } }],
]);
const clock: ReadonlyMap<string, Shape> = new Map([
  ['status', { ...text, values: ['idle', 'running', 'paused', 'stopped'] }],
  ['elapsed', number],
  ['remaining', { ...number, optional: true }],
  ['dueAt', { ...instant, optional: true }],
  ['breached', truth],
]);
const link: ReadonlyMap<string, Shape> = new Map([
  ['count', number],
  ['records', { kind: 'list', element: { kind: 'any', optional: true } }],
]);
/** What the engine knows of a referenced record beside its fields. */
const known: ReadonlyMap<string, Shape> = new Map([
  ['number', { ...text, optional: true }],
  ['process', { ...text, optional: true }],
  ['status', { ...text, values: ['active', 'done'], optional: true }],
  ['states', { kind: 'list', element: { ...text, reference: true }, optional: true }],
]);
const vote: ReadonlyMap<string, Shape> = new Map([
  ['status', { ...text, optional: true }],
  ['approved', number],
  ['refused', number],
  ['outstanding', number],
  ['attempt', number],
  ['step', { ...text, optional: true }],
]);

/** The shape at a path, or null when there is no such fact. */
export function shapeAt(path: string, options: CheckOptions): Shape | null {
  const [root = '', name, ...rest] = path.split('.');
  if (root === 'now') return name === undefined ? instant : null;
  if (name === undefined) return null;
  if (root === 'record' || root === 'event') return fieldShape(root, [name, ...rest], options);
  if (root === 'actor') return into(actor.get(name) ?? null, rest);
  if (root === 'refs') return refShape(name, rest, options);
  const [property, ...deeper] = rest;
  if (property === undefined || deeper.length > 0) return null;
  if (root === 'links') return options.links.has(name) ? (link.get(property) ?? null) : null;
  if (root === 'clocks') return options.clocks.has(name) ? (clock.get(property) ?? null) : null;
  if (root === 'votes') return options.approvals.has(name) ? (vote.get(property) ?? null) : null;
  return null;
}

/** The shape at keys within a shape, or null: fields of objects, indexes and `length` of lists, `length` of texts. */
export function into(shape: Shape | null, keys: readonly string[]): Shape | null {
  let found = shape;
  for (const key of keys) {
    if (found === null || found.kind === 'any') return found;
    const optional = found.optional === true;
    if (found.kind === 'list')
      found = key === 'length' ? { ...number, optional } : /^\d+$/.test(key) ? { ...(found.element ?? anything), optional: true } : null;
    else if (found.kind === 'text') found = key === 'length' ? { ...number, optional } : null;
    else if (found.kind === 'object') found = found.fields === undefined ? { kind: 'any', optional: true } : withAbsence(found.fields.get(key), optional);
    else return null;
  }
  return found;
}

function fieldShape(root: 'record' | 'event', [name = '', ...rest]: readonly string[], options: CheckOptions): Shape | null {
  const own = root === 'record' ? reserved.get(name) : name === 'type' ? text : undefined;
  const declared = root === 'record' ? options.fields : options.eventFields;
  const schema = declared === 'any' ? undefined : declared?.get(name);
  if (schema === undefined) return own !== undefined ? into(own, rest) : declared === 'any' ? { kind: 'any', optional: true } : null;
  const always = options.alwaysPresent?.has(`${root}.${name}`) || (root === 'record' && options.alwaysPresent?.has(name));
  return into(shapeOfField(schema, options.lists, always !== true), rest);
}

/** A field of a referenced record; there may be no such record, so it may always be missing. */
function refShape(field: string, [name = '', ...rest]: readonly string[], options: CheckOptions): Shape | null {
  const theirs = options.refs?.get(field);
  if (theirs === 'any') return { kind: 'any', optional: true };
  const schema = theirs?.get(name);
  if (schema === undefined && theirs !== undefined && known.has(name)) return into(known.get(name) ?? null, rest);
  return schema === undefined ? null : into(shapeOfField(schema, options.lists, true), rest);
}

function withAbsence(shape: Shape | undefined, optional: boolean): Shape | null {
  if (shape === undefined) return null;
  return optional && shape.optional !== true ? { ...shape, optional: true } : shape;
}
