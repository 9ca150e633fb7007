/** Targets: each must exist, several must be able to be active together. */

import { createFinder, type Model, nameOf, type StateNode, withAncestors } from '../model.js';
import { toTargets } from '../normal.js';
import type { Report } from '../report.js';
import { suggestion } from '../suggest.js';

const file = 'statechart.json';

export function checkTargets(model: Model, report: Report): void {
  const find = createFinder(model.states);
  for (const transition of model.transitions) {
    const { source, spec, pointer, targets } = transition;
    const list = toTargets(spec);
    for (const [index, target] of list.entries()) {
      if (find(source, target)) continue;
      const at = typeof spec === 'object' && isObject(model, pointer) ? `${pointer}/target${Array.isArray(spec.target) ? `/${index}` : ''}` : pointer;
      report.add(
        'TARGET_UNKNOWN',
        { file, pointer: at },
        { target: JSON.stringify(target), state: nameOf(source), suggestion: suggestTarget(model, source, target) },
      );
    }
    const conflict = conflicting(targets);
    if (conflict) report.add('TARGETS_CONFLICT', { file, pointer: `${pointer}/target` }, { targets: conflict.map(({ path }) => path).join(' and ') });
  }
  for (const state of model.states) {
    const target = state.type === 'history' ? state.spec.target : undefined;
    if (target !== undefined && state.parent && !find(state, target)) {
      report.add(
        'TARGET_UNKNOWN',
        { file, pointer: `${state.pointer}/target` },
        { target: JSON.stringify(target), state: nameOf(state), suggestion: suggestTarget(model, state, target) },
      );
    }
  }
}

/** Whether the transition at a pointer is written as an object, so that its target has a place of its own. */
function isObject(model: Model, pointer: string): boolean {
  let value: unknown = model.files['statechart.json'];
  for (const part of pointer.slice(1).split('/')) value = (value as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return typeof value === 'object';
}

function suggestTarget(model: Model, source: StateNode, target: string): string {
  const known = [
    ...(source.parent?.children ?? []).map(({ key }) => key),
    ...source.children.map(({ key }) => `.${key}`),
    ...model.states.filter(({ spec }) => spec.id !== undefined).map(({ id }) => `#${id}`),
  ];
  const near = suggestion(target, known);
  if (near !== '') return near;
  const elsewhere = model.states.find(({ key, parent }) => parent && key === target);
  return elsewhere ? ` Did you mean #${elsewhere.id}?` : '';
}

/** Two targets that exclude each other: their nearest common surrounding state is not parallel. */
function conflicting(targets: readonly StateNode[]): readonly [StateNode, StateNode] | null {
  for (const [index, one] of targets.entries()) {
    for (const other of targets.slice(index + 1)) {
      const around = withAncestors(one).find((state) => withAncestors(other).includes(state));
      if (one === other || around?.type !== 'parallel' || around === one || around === other) return [one, other];
    }
  }
  return null;
}
