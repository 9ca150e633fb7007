/**
 * Which way the reader's eye goes: every container's parts in the order in which work reaches them, beginning at its initial dot.
 * Lines that lead back against that order are handed to the layout reversed, so that it has no cycles to break and the beginning stays on top.
 */
import type { Box, Figure, Line } from './figure.js';

/** The ids of lines that lead back. */
export function linesBack(figure: Figure): ReadonlySet<string> {
  const parents = new Map<string, string>();
  const containers: Box[] = [];
  const collect = (box: Box): void => {
    if (box.children.length > 0) containers.push(box);
    for (const child of box.children) {
      parents.set(child.id, box.id);
      collect(child);
    }
  };
  collect(figure.root);
  const levels = new Map<string, { line: Line; from: string; to: string }[]>();
  for (const line of figure.lines) {
    const meeting = meet(ancestry(line.from, parents), ancestry(line.to, parents));
    if (meeting) levels.set(meeting.container, [...(levels.get(meeting.container) ?? []), { line, from: meeting.from, to: meeting.to }]);
  }
  const back = containers.flatMap((container) => {
    const level = levels.get(container.id) ?? [];
    const rank = ranks(container, level);
    return level.filter((each) => (rank.get(each.from) ?? 0) > (rank.get(each.to) ?? 0)).map((each) => each.line.id);
  });
  return new Set(back);
}

/** From the outermost container down to the box itself. */
function ancestry(id: string, parents: ReadonlyMap<string, string>): string[] {
  const path = [id];
  for (let up = parents.get(id); up !== undefined; up = parents.get(up)) path.unshift(up);
  return path;
}

/** The container in which a line's two ends part, and its two parts that hold them. */
function meet(one: readonly string[], other: readonly string[]): { container: string; from: string; to: string } | null {
  let depth = 0;
  while (depth < one.length && one[depth] === other[depth]) depth += 1;
  const [container, from, to] = [one[depth - 1], one[depth], other[depth]];
  return container === undefined || from === undefined || to === undefined ? null : { container, from, to };
}

/** Reverse postorder of a depth-first walk that begins at the initial dot: a topological order but for the lines that lead back. */
function ranks(container: Box, lines: readonly { from: string; to: string }[]): Map<string, number> {
  const seen = new Set<string>();
  const finished: string[] = [];
  const go = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const line of lines.filter((each) => each.from === id).reverse()) go(line.to);
    finished.push(id);
  };
  const starts = [...container.children].sort((one, other) => Number(other.kind === 'initial') - Number(one.kind === 'initial'));
  for (const child of starts) go(child.id);
  return new Map(finished.reverse().map((id, index) => [id, index]));
}
