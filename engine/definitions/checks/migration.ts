/** migration.json: where records of an older version arrive. */
import { isRule } from '../../rules/index.js';
import type { Json } from '../authored.js';
import type { Model } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { suggestion } from '../suggest.js';
import type { CheckContext } from './check.js';
import { checkFieldValue } from './fieldValues.js';
import { checkKnown, ownKeys } from './names.js';

const file = 'migration.json';

export function checkMigration(model: Model, report: Report, { unreadable }: CheckContext): void {
  const migration = model.files['migration.json'];
  if (!migration) return;
  for (const [before, path] of Object.entries(migration.states ?? {})) {
    const state = model.byPath.get(path);
    const place = { file, pointer: joinPointer('/states', before) };
    if (!state && model.states.length > 0)
      report.add('MIGRATION_STATE', place, { state: path, reason: 'the chart has no such state', suggestion: suggestion(path, model.byPath.keys()) });
    else if (state?.type === 'history') report.add('MIGRATION_STATE', place, { state: path, reason: 'it only remembers others', suggestion: '' });
  }
  if (!unreadable.has('form.json')) {
    for (const [field, value] of Object.entries(migration.fields ?? {})) {
      const place = { file, pointer: joinPointer('/fields', field) };
      if (!checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', ...place })) continue;
      if (value !== null && !isRule(value as Json)) checkFieldValue(field, { schema: model.fields.get(field), value: value as Json }, { report, ...place });
    }
  }
  if (unreadable.has('process.json')) return;
  const clocks = ownKeys(model.files['process.json']?.clocks);
  for (const name of Object.keys(migration.clocks ?? {}))
    checkKnown(name, clocks, report, { code: 'CLOCK_UNKNOWN', fact: 'clock', file, pointer: joinPointer('/clocks', name) });
}
