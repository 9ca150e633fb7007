/** Transitions within a parallel state that leave it and enter it again, by which regions begin anew that they say nothing of. */
import { isInside, type Model, nameOf, type StateNode, type TransitionNode, withAncestors } from '../model.js';
import type { Report } from '../report.js';

export function checkRegions(model: Model, report: Report): void {
  for (const transition of model.transitions) {
    const left = leftAndEntered(transition);
    if (left?.type !== 'parallel') continue;
    const restarted = left.children.filter((region) => !transition.targets.some((target) => isInside(target, region)));
    if (restarted.length === 0) continue;
    report.add(
      'REGIONS_RESTARTED',
      { file: 'statechart.json', pointer: transition.pointer },
      { state: nameOf(left), regions: restarted.map(({ key }) => key).join(', ') },
    );
  }
}

/** The state whose inside is left and entered again: as XState has it, the nearest around the source and all targets, parallel or not. */
function leftAndEntered({ source, spec, targets }: TransitionNode): StateNode | null {
  const [first] = targets;
  if (!first) return null;
  if (spec.reenter !== true && targets.every((target) => isInside(target, source))) return source;
  const all = [...targets, source];
  return (
    withAncestors(first)
      .slice(1)
      .find((around) => all.every((state) => state !== around && isInside(state, around))) ?? null
  );
}
