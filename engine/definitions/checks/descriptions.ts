/** Names in rules.json that describe or collide. */

import type { Model } from '../model.js';
import { isBuiltInAction } from '../normal.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { suggestion } from '../suggest.js';
import { checkName } from './names.js';

const file = 'rules.json';

export function checkDescriptions({ files }: Model, report: Report): void {
  const rules = files['rules.json'];
  if (!rules) return;
  const names = new Set([rules.guards, rules.values, rules.checks, rules.delays, rules.actions].flatMap((part) => Object.keys(part ?? {})));
  for (const name of Object.keys(rules.descriptions ?? {})) {
    if (!names.has(name))
      report.add('DESCRIPTION_UNUSED', { file, pointer: joinPointer('/descriptions', name), what: 'key' }, { name, suggestion: suggestion(name, names) });
  }
  for (const name of Object.keys(rules.actions ?? {})) {
    const pointer = joinPointer('/actions', name);
    checkName(name, 'list of actions', { file, pointer, report });
    if (isBuiltInAction(name)) report.add('NAME_TAKEN', { file, pointer, what: 'key' }, { name, taken: 'a built-in action' });
  }
}
