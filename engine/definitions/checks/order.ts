/** Transitions that an earlier candidate of the same event always takes first. */

import type { Model, TransitionNode } from '../model.js';
import type { Report } from '../report.js';

export function checkOrder(model: Model, report: Report): void {
  for (const group of candidateGroups(model)) {
    const seen = new Set<string>();
    let open: TransitionNode | null = null;
    for (const transition of group) {
      if (open) report.add('TRANSITION_SHADOWED', place(transition), { reason: 'a candidate before it has no guard' });
      else if (transition.guard !== null && seen.has(transition.guard))
        report.add('TRANSITION_SHADOWED', place(transition), { reason: `a candidate before it has the same guard ${transition.guard}` });
      if (transition.guard === null) open ??= transition;
      else seen.add(transition.guard);
    }
  }
}

function place({ pointer }: TransitionNode) {
  return { file: 'statechart.json', pointer };
}

/** The candidates of one event (delay, `always`, `onDone`) in one state, in order. */
function candidateGroups({ states }: Model): readonly (readonly TransitionNode[])[] {
  return states.flatMap(({ transitions }) => {
    const groups = new Map<string, TransitionNode[]>();
    for (const transition of transitions) {
      const name = `${transition.kind} ${transition.event}`;
      const known = groups.get(name);
      if (known) known.push(transition);
      else groups.set(name, [transition]);
    }
    return [...groups.values()];
  });
}
