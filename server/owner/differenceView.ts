import type { Difference, Json } from '../../engine/index.js';
import { formatJson } from './formatJson.js';

const MOST = 6000;

export interface DifferenceGroup {
  readonly file: string;
  readonly items: readonly {
    readonly sentence: string;
    readonly pointer: string;
    readonly kind: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** Differences by file, with both sides as JSON text. */
export function differenceGroups(differences: readonly Difference[]): DifferenceGroup[] {
  const files = [...new Set(differences.map(({ file }) => file))];
  return files.map((file) => ({
    file,
    items: differences
      .filter((each) => each.file === file)
      .map((each) => ({
        sentence: each.sentence,
        pointer: each.pointer,
        kind: each.kind,
        before: each.kind === 'added' ? null : shown(each.before),
        after: each.kind === 'removed' ? null : shown(each.after),
      })),
  }));
}

function shown(value: Json | null): string {
  const text = formatJson(value).trimEnd();
  return text.length > MOST ? `${text.slice(0, MOST)}\n…` : text;
}
