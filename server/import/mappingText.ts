/** Reads the text of a mapping file and finds, for any place in it, the line on which that place stands. */
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode, visit } from 'jsonc-parser';

export interface MappingProblem {
  readonly file: string;
  /** RFC 6901. */
  readonly pointer: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface MappingText {
  readonly value: unknown;
  readonly problems: readonly MappingProblem[];
  /** A problem at a pointer, with its line. */
  problemAt(pointer: string, message: string): MappingProblem;
}

/** Longest mapping read, in characters, and how deep it may nest. */
const LONGEST = 1_000_000;
const DEEPEST = 32;

/** Parses strict JSON: comments, trailing commas and repeated keys are problems. */
export function readMappingText(file: string, text: string): MappingText {
  const beyond = beyondMeasure(text);
  if (beyond !== null)
    return {
      value: undefined,
      problems: [{ file, pointer: '', line: 1, message: beyond }],
      problemAt: (pointer, message) => ({ file, pointer, line: 1, message }),
    };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const at = (offset: number): number => text.slice(0, offset).split('\n').length;
  const problems: MappingProblem[] = errors.map((error) => ({
    file,
    pointer: '',
    line: at(error.offset),
    message: `the JSON does not parse: ${printParseErrorCode(error.error)}`,
  }));
  if (errors.length === 0)
    problems.push(
      ...repeatedKeys(text).map((key) => ({ file, pointer: '', line: at(key.offset), message: `the key ${JSON.stringify(key.name)} is there twice` })),
    );
  const problemAt = (pointer: string, message: string): MappingProblem => ({ file, pointer, line: lineOf(tree, pointer, at), message });
  return { value: problems.length === 0 ? JSON.parse(text) : undefined, problems, problemAt };
}

/** What would overwhelm the parser is refused before it; brackets within texts count too, which no mapping has so many of. */
function beyondMeasure(text: string): string | null {
  if (text.length > LONGEST) return `the file is longer than ${LONGEST} characters`;
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest > DEEPEST ? `the file nests deeper than ${DEEPEST} levels` : null;
}

function lineOf(tree: Node | undefined, pointer: string, at: (offset: number) => number): number {
  if (tree === undefined) return 1;
  const segments = pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (let length = segments.length; length > 0; length -= 1) {
    const path = segments.slice(0, length);
    const node =
      findNodeAtLocation(tree, path) ??
      findNodeAtLocation(
        tree,
        path.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment)),
      );
    if (node !== undefined) return at(node.parent?.type === 'property' ? node.parent.offset : node.offset);
  }
  return 1;
}

function repeatedKeys(text: string): { name: string; offset: number }[] {
  const open: Set<string>[] = [];
  const repeated: { name: string; offset: number }[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (name, offset) => {
      const keys = open.at(-1);
      if (keys?.has(name)) repeated.push({ name, offset });
      keys?.add(name);
    },
  });
  return repeated;
}

/** Escapes a key for use in a pointer. */
export function segment(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}
