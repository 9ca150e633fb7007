/** Keys of `after`: a delay of rules.json, or whole milliseconds. Anything else would be over at once. */

import type { Model } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import type { CheckContext } from './check.js';
import { checkKnown, ownKeys } from './names.js';

export function checkDelays(model: Model, report: Report, { unreadable }: CheckContext): void {
  const delays = ownKeys(model.files['rules.json']?.delays);
  for (const state of model.states) {
    for (const name of Object.keys(state.spec.after ?? {})) {
      const pointer = joinPointer(`${state.pointer}/after`, name);
      const milliseconds = /^\d{1,15}$/.test(name);
      if (milliseconds || unreadable.has('rules.json')) continue;
      checkKnown(name, delays, report, { code: 'DELAY_UNKNOWN', fact: 'name', file: 'statechart.json', pointer });
    }
  }
}
