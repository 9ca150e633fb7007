/** Actions: known names, no lists that contain themselves, and what each built-in names must be there. */

import type { Model, PlacedAction } from '../model.js';
import { builtInActions, isBuiltInAction, toActions } from '../normal.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { actionParamChecks } from './actionParams.js';
import type { CheckContext } from './check.js';
import { checkKnown } from './names.js';

export function checkActions(model: Model, report: Report, context: CheckContext): void {
  const lists = Object.keys(model.files['rules.json']?.actions ?? {});
  const known = new Set<string>([...builtInActions, ...lists]);
  for (const action of model.actions) {
    const { spec, file } = action;
    const at = isWrittenAsName(model, action) ? action.pointer : `${action.pointer}/type`;
    if (!known.has(spec.type)) {
      if (!context.unreadable.has('rules.json')) checkKnown(spec.type, known, report, { code: 'ACTION_UNKNOWN', fact: 'name', file, pointer: at });
    } else if (isBuiltInAction(spec.type)) {
      if (spec.params) actionParamChecks[spec.type]?.(action, spec.params, { model, report, context });
      else report.add('ACTION_INCOMPLETE', { file, pointer: action.pointer }, { name: spec.type, reason: 'it has no `params`' });
    } else if (Object.keys(spec.params ?? {}).length > 0)
      report.add('ACTION_PARAMS', { file, pointer: `${action.pointer}/params`, what: 'key' }, { name: spec.type });
  }
  checkCycles(model, report);
}

function isWrittenAsName({ files }: Model, { file, pointer }: PlacedAction): boolean {
  let value: unknown = files[file];
  for (const part of pointer.slice(1).split('/')) value = (value as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return typeof value === 'string';
}

function checkCycles({ files }: Model, report: Report): void {
  const lists = new Map(Object.entries(files['rules.json']?.actions ?? {}));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name];
      if (!done.has(name))
        report.add('ACTION_CYCLE', { file: 'rules.json', pointer: joinPointer('/actions', name), what: 'key' }, { name, path: cycle.join(' → ') });
      for (const member of cycle) done.add(member);
      return;
    }
    if (done.has(name) || path.length > 200) return;
    for (const { type } of toActions(lists.get(name))) if (lists.has(type) && !isBuiltInAction(type)) visit(type, [...path, name]);
    done.add(name);
  };
  for (const name of lists.keys()) visit(name, []);
}
