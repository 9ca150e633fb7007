/** Guards must be rules of this process by name; nothing else closes a way. */

import type { Model } from '../model.js';
import type { Report } from '../report.js';
import { UNREADABLE_GUARD } from '../schema.js';
import type { CheckContext } from './check.js';
import { checkKnown, ownKeys } from './names.js';

export function checkGuards(model: Model, report: Report, { unreadable }: CheckContext): void {
  if (unreadable.has('rules.json')) return;
  const guards = ownKeys(model.files['rules.json']?.guards);
  for (const { guard, spec, pointer } of model.transitions) {
    if (guard === null || guard === UNREADABLE_GUARD) continue;
    const at = typeof spec.guard === 'string' ? `${pointer}/guard` : `${pointer}/guard/type`;
    checkKnown(guard, guards, report, { code: 'GUARD_UNKNOWN', fact: 'name', file: 'statechart.json', pointer: at });
  }
}
