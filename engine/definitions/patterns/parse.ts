/** Reads a regular expression as far as backtracking depends on it: what follows what, and which characters each place takes. */

/** Characters a place takes, as bits over a sample of the characters there are. */
export type CharSet = bigint;

export type Part =
  | { readonly kind: 'empty' }
  | { readonly kind: 'chars'; readonly set: CharSet }
  | { readonly kind: 'cat' | 'alt'; readonly parts: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly min: number; readonly max: number };

export interface ParsedPattern {
  readonly main: Part;
  /** Insides of look-aheads and look-behinds; they are tried on their own. */
  readonly around: readonly Part[];
  /** Whether every alternative begins with ^. */
  readonly anchored: boolean;
  /** Whether something may fail at the very end: `$`, a word boundary or something looked for. */
  readonly mayFailAtEnd: boolean;
}

const alwaysSampled = [...Array.from({ length: 0x180 }, (_, code) => code), 0x3b1, 0x416, 0x5d0, 0x4e00, 0x3042, 0x20ac, 0x2028, 0x1f600];

/** Parses a pattern that `new RegExp(pattern, 'u')` accepts. */
export function parsePattern(source: string): ParsedPattern {
  const sample = sampleOf(source);
  const setOf = createSetOf(sample);
  const everything = (1n << BigInt(sample.length)) - 1n;
  const around: Part[] = [];
  let at = 0;
  let mayFailAtEnd = false;

  const alternatives = (): Part => {
    const parts = [sequence()];
    while (source[at] === '|') {
      at += 1;
      parts.push(sequence());
    }
    return parts.length === 1 ? (parts[0] as Part) : { kind: 'alt', parts };
  };
  const sequence = (): Part => {
    const parts: Part[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(atom()));
    return { kind: 'cat', parts };
  };
  const repeated = (part: Part): Part => {
    const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(source.slice(at));
    if (!match) return part;
    at += match[0].length;
    const sign = match[0][0];
    if (sign === '*') return { kind: 'repeat', part, min: 0, max: Infinity };
    if (sign === '+') return { kind: 'repeat', part, min: 1, max: Infinity };
    if (sign === '?') return { kind: 'repeat', part, min: 0, max: 1 };
    const min = Number(match[1]);
    return { kind: 'repeat', part, min, max: match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]) };
  };
  const atom = (): Part => {
    const rest = source.slice(at);
    if (rest[0] === '(') return group(rest);
    if (rest[0] === '^') return step(1, { kind: 'empty' });
    const assertion = /^(?:\$|\\[bB])/.exec(rest);
    if (assertion) {
      mayFailAtEnd = true;
      return step(assertion[0].length, { kind: 'empty' });
    }
    const reference = /^\\(?:[1-9]\d*|k<[^>]*>)/.exec(rest);
    if (reference) return step(reference[0].length, { kind: 'chars', set: everything });
    const text = charsText(rest);
    return step(text.length, { kind: 'chars', set: setOf(text) });
  };
  const step = (length: number, part: Part): Part => {
    at += length;
    return part;
  };
  const group = (rest: string): Part => {
    const open = /^\((?:\?(?:<?[=!]|:|<[^>]*>))?/.exec(rest)?.[0] ?? '(';
    at += open.length;
    const inner = alternatives();
    at += 1;
    if (!/[=!]$/.test(open)) return inner;
    around.push(inner);
    mayFailAtEnd = true;
    return { kind: 'empty' };
  };

  const main = alternatives();
  return { main, around, anchored: splitTop(source).every((alternative) => alternative.startsWith('^')), mayFailAtEnd };
}

/** The source of one place that takes a character: a class, an escape, a dot or the character itself. */
function charsText(rest: string): string {
  if (rest[0] === '[') {
    let end = 1;
    while (end < rest.length && rest[end] !== ']') end += rest[end] === '\\' ? 2 : 1;
    return rest.slice(0, end + 1);
  }
  const escaped =
    /^\\(?:u\{[0-9a-fA-F]+\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|.)/su.exec(rest);
  return escaped ? escaped[0] : String.fromCodePoint(rest.codePointAt(0) ?? 0);
}

/** Alternatives on the top level, as far as anchors tell. */
function splitTop(source: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    const text = source[at] === '\\' || source[at] === '[' ? charsText(source.slice(at)) : (source[at] as string);
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    if (text === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += text;
    at += text.length - 1;
  }
  return parts;
}

/** Characters that stand for all: common ones, and those the pattern names. */
function sampleOf(source: string): readonly number[] {
  const named = [...source].map((char) => char.codePointAt(0) ?? 0);
  const escaped = [...source.matchAll(/\\(?:u\{([0-9a-fA-F]+)\}|[ux]([0-9a-fA-F]{2,4}))/g)].map((match) => Number.parseInt(match[1] ?? match[2] ?? '0', 16));
  const all = [...alwaysSampled, ...named, ...escaped].flatMap((code) => (code > 0x17f ? [code, code + 1] : [code]));
  return [...new Set(all)].filter((code) => code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff));
}

function createSetOf(sample: readonly number[]): (text: string) => CharSet {
  const known = new Map<string, CharSet>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const test = new RegExp(`^${text}$`, 'u');
    const bits = sample.map((code) => (test.test(String.fromCodePoint(code)) ? '1' : '0')).join('');
    const set = BigInt(`0b${bits || '0'}`);
    known.set(text, set);
    return set;
  };
}
