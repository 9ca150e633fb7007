import type { Json } from '../../engine/index.js';

const WIDTH = 110;

/** JSON as people write it by hand: two spaces, and what fits on a line stays on it. Ends with a line feed. */
export function formatJson(value: Json): string {
  return `${write(value, 0, 0)}\n`;
}

/** `used`: characters that stand before the value on its line. */
function write(value: Json, indent: number, used: number): string {
  const short = inline(value);
  if (value === null || typeof value !== 'object' || indent + used + short.length <= WIDTH) return short;
  const pad = ' '.repeat(indent + 2);
  const parts = Array.isArray(value)
    ? value.map((each) => pad + write(each as Json, indent + 2, 0))
    : Object.entries(value).map(([key, each]) => `${pad}${JSON.stringify(key)}: ${write(each, indent + 2, key.length + 4)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${parts.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

function inline(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => inline(each as Json)).join(', ')}]`;
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${inline(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
