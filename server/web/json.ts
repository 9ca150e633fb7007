/** JSON bodies, parsed strictly: what JSON.parse lets through silently (repeated keys, __proto__, depth, lone surrogates) is refused with its place. */
import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import { EngineError, type Json, type JsonObject } from '../../engine/index.js';
import { isWellFormed } from './formBody.js';
import type { Visit } from './visit.js';

const DEPTH = 64;
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

function refuse(reason: string, place: string): never {
  throw new EngineError('MALFORMED', { reason, place: place || '/' });
}

/** Whether brackets nest deeper than allowed; asked before parsing, since a deep body would exhaust the parser's stack. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > DEPTH) return true;
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return false;
}

function text(value: string, place: string): string {
  if (!isWellFormed(value)) refuse('The text is not well-formed Unicode.', place);
  if (value.includes('\u0000')) refuse('The text holds a NUL character.', place);
  return value;
}

function readNode(node: Node, place: string): Json {
  if (node.type === 'array') return (node.children ?? []).map((child, index) => readNode(child, `${place}/${index}`));
  if (node.type !== 'object') return typeof node.value === 'string' ? text(node.value, place) : (node.value as Json);
  const made: Record<string, Json> = {};
  for (const property of node.children ?? []) {
    const key = text(String(property.children?.[0]?.value), place);
    const here = `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (forbidden.has(key)) refuse('This key is not allowed.', here);
    if (Object.hasOwn(made, key)) refuse('This key is given twice.', here);
    const value = property.children?.[1];
    if (!value) refuse('This key has no value.', here);
    made[key] = readNode(value, here);
  }
  return made;
}

/** Parses JSON text. @throws EngineError MALFORMED with the JSON pointer or line of what is wrong. */
export function parseJson(source: string): Json {
  if (tooDeep(source)) refuse(`It is nested deeper than ${DEPTH} levels.`, '/');
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first || !tree) {
    const before = source.slice(0, first?.offset ?? 0).split('\n');
    return refuse('It is not JSON.', `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`);
  }
  return readNode(tree, '');
}

/**
 * The JSON object a program sent.
 * @throws EngineError WRONG_TYPE when it is not declared as JSON, MALFORMED when it can not be read or is no object.
 */
export function readJson(visit: Visit): JsonObject {
  if (!visit.request.is(['application/json', 'application/*+json'])) throw new EngineError('WRONG_TYPE', { accepted: ['application/json'] });
  const parsed = parseJson(typeof visit.request.body === 'string' ? visit.request.body : '');
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return refuse('A JSON object is expected.', '/');
  return parsed as JsonObject;
}
