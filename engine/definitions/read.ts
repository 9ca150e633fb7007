/** From text to JSON with positions. Plain JSON only; every fault is a problem with its line, nothing throws. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Problem } from '../engine.js';
import type { Json } from './authored.js';
import { joinPointer, splitPointer } from './pointer.js';
import { type Place, problem } from './problems.js';

/** Largest file, in bytes of UTF-8. */
export const MAX_FILE_BYTES = 1024 * 1024;
/** Deepest nesting of objects and lists in one file. */
const MAX_JSON_DEPTH = 64;

export interface ReadJson {
  /** Undefined when the text could not be read. */
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
  /** Line and column, both from 1, of the value (or, with `key`, of the member's name) at a JSON pointer; of the nearest thing around it when it does not exist. */
  locate(pointer: string, what?: 'value' | 'key'): Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Reads one JSON file. `file` is used in the problems only.
 * Refuses comments, trailing commas, repeated keys, `__proto__` keys, NUL and unpaired surrogates, numbers that JavaScript can not hold, and what is too large or too deep.
 */
export function readJson(file: string, text: string): ReadJson {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const positions = createPositions(source);
  const fail = (code: Parameters<typeof problem>[0], offset: number, facts: Record<string, string | number>): ReadJson => {
    const at = positions(offset);
    return { value: undefined, problems: [problem(code, { file, pointer: '', ...at }, facts)], locate: () => at };
  };
  const bytes = Buffer.byteLength(source);
  if (bytes > MAX_FILE_BYTES) return fail('FILE_TOO_LARGE', 0, { bytes, limit: MAX_FILE_BYTES });
  const tooDeep = offsetBeyondDepth(source, MAX_JSON_DEPTH);
  if (tooDeep !== null) return fail('JSON_TOO_DEEP', tooDeep, { limit: MAX_JSON_DEPTH });
  if (source.trim() === '') return fail('JSON_SYNTAX', 0, { reason: 'the file is empty' });

  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first || !tree) return fail('JSON_SYNTAX', first?.offset ?? 0, { reason: reasonOf(first) });
  const strict = strictFault(source);
  if (strict) return fail('JSON_SYNTAX', strict.offset, { reason: strict.reason });

  const problems: Problem[] = [];
  const report = (code: Parameters<typeof problem>[0], place: { pointer: string; offset: number }, facts: Record<string, string | number>) =>
    void problems.push(problem(code, { file, pointer: place.pointer, ...positions(place.offset) } satisfies Place, facts));
  const value = toValue(tree, '', report);
  return { value, problems, locate: (pointer, what) => positions(offsetOf(tree, pointer, what ?? 'value')) };
}

type Report = (
  code: 'JSON_DUPLICATE_KEY' | 'JSON_RESERVED_KEY' | 'JSON_TEXT' | 'JSON_NUMBER',
  place: { pointer: string; offset: number },
  facts: Record<string, string | number>,
) => void;

function toValue(node: Node, pointer: string, report: Report): Json {
  if (node.type === 'object') return toObject(node, pointer, report);
  if (node.type === 'array') return (node.children ?? []).map((child, index) => toValue(child, joinPointer(pointer, String(index)), report));
  const value = node.value as Json;
  if (typeof value === 'string') checkText(value, pointer, node.offset, report);
  if (typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))) {
    report('JSON_NUMBER', { pointer, offset: node.offset }, {});
    return Math.sign(value) * Number.MAX_SAFE_INTEGER;
  }
  return value;
}

function toObject(node: Node, pointer: string, report: Report): Json {
  const result: Record<string, Json> = {};
  for (const property of node.children ?? []) {
    const [name, child] = property.children ?? [];
    if (!name || !child) continue;
    const key = String(name.value);
    const at = joinPointer(pointer, key);
    const place = { pointer: at, offset: name.offset };
    if (key === '__proto__') {
      report('JSON_RESERVED_KEY', place, { key });
      continue;
    }
    if (Object.hasOwn(result, key)) report('JSON_DUPLICATE_KEY', place, { key });
    checkText(key, at, name.offset, report);
    result[key] = toValue(child, at, report);
  }
  return result;
}

function checkText(text: string, pointer: string, offset: number, report: Report): void {
  if (text.includes('\0')) report('JSON_TEXT', { pointer, offset }, { what: 'the character NUL' });
  else if (/\p{Surrogate}/u.test(text)) report('JSON_TEXT', { pointer, offset }, { what: 'half of a surrogate pair' });
}

/** What jsonc-parser lets through but JSON does not. */
function strictFault(text: string): { offset: number; reason: string } | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is not JSON';
    return { offset: Number(/position (\d+)/.exec(reason)?.[1] ?? 0), reason };
  }
}

const reasons: Readonly<Record<string, string>> = {
  InvalidSymbol: 'an unknown word stands where a value must stand',
  InvalidNumberFormat: 'a number is not written as JSON writes numbers',
  PropertyNameExpected: 'a key in double quotes must stand here (a comma after the last member is not allowed)',
  ValueExpected: 'a value must stand here (a comma after the last item is not allowed)',
  ColonExpected: 'a colon must stand here',
  CommaExpected: 'a comma must stand here',
  CloseBraceExpected: 'a closing brace } is missing',
  CloseBracketExpected: 'a closing bracket ] is missing',
  EndOfFileExpected: 'something stands after the end',
  InvalidCommentToken: 'comments are not allowed',
  UnexpectedEndOfComment: 'comments are not allowed',
  UnexpectedEndOfString: 'a text is not closed by a double quote',
  UnexpectedEndOfNumber: 'a number is not complete',
  InvalidUnicode: 'a \\u escape is not complete',
  InvalidEscapeCharacter: 'an escape in a text is not one of JSON',
  InvalidCharacter: 'a control character stands in a text',
};

function reasonOf(error: ParseError | undefined): string {
  if (!error) return 'it is not JSON';
  const name = printParseErrorCode(error.error);
  return reasons[name] ?? name;
}

/** Offset of the first bracket that nests deeper than `limit`; scanned before parsing, because parsers recurse. */
function offsetBeyondDepth(text: string, limit: number): number | null {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (inText) {
      if (char === 92) index += 1;
      else if (char === 34 || char === 10) inText = false;
    } else if (char === 34) inText = true;
    else if (char === 123 || char === 91) {
      depth += 1;
      if (depth > limit) return index;
    } else if (char === 125 || char === 93) depth -= 1;
  }
  return null;
}

function offsetOf(tree: Node, pointer: string, what: 'value' | 'key'): number {
  let node = tree;
  let key: Node | undefined;
  for (const part of splitPointer(pointer)) {
    const next = childOf(node, part);
    if (!next) return (key && what === 'key' ? key : node).offset;
    key = next.key;
    node = next.value;
  }
  return (what === 'key' && key ? key : node).offset;
}

function childOf(node: Node, part: string): { key?: Node; value: Node } | null {
  if (node.type === 'array') {
    const value = /^\d+$/.test(part) ? node.children?.[Number(part)] : undefined;
    return value ? { value } : null;
  }
  const property = node.children?.findLast((member) => member.children?.[0]?.value === part);
  const [key, value] = property?.children ?? [];
  return key && value ? { key, value } : null;
}

function createPositions(text: string): (offset: number) => Position {
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
