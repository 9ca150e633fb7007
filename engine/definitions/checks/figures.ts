/** What is measured and what is proof: figures (`kpis`), evidence and the action `measure`. */
import { checkRule, parseDuration } from '../../rules/index.js';
import type { JsonObject, Rule } from '../authored.js';
import type { Model, PlacedAction } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { suggestion } from '../suggest.js';
import type { CheckContext } from './check.js';
import { checkKnown, ownKeys } from './names.js';
import { baseScope, type Scope } from './ruleScope.js';

const file = 'process.json';
const measures = ['percent', 'count', 'median', 'average', 'sum'] as const;

export function checkFigures(model: Model, report: Report, context: CheckContext): void {
  if (context.unreadable.has('form.json')) return;
  const { eventFields: _none, refs: _others, ...scope } = baseScope(model, context);
  for (const [name, { measure }] of Object.entries(model.files[file]?.kpis ?? {})) {
    const pointer = `${joinPointer('/kpis', name)}/measure`;
    const named = measures.filter((kind) => measure[kind] !== undefined);
    if (named.length !== 1) report.add('KPI_MEASURE', { file, pointer }, { kpi: name, found: named.length === 0 ? 'none of them' : named.join(' and ') });
    for (const kind of named) check(measure[kind] as Rule, { report, scope, pointer: `${pointer}/${kind}`, condition: kind === 'percent' || kind === 'count' });
    if (measure.of !== undefined) check(measure.of, { report, scope, pointer: `${pointer}/of`, condition: true });
  }
  checkEvidence(model, report, scope);
}

interface At {
  readonly report: Report;
  readonly scope: Scope;
  readonly pointer: string;
  readonly condition: boolean;
}

/** A rule over finished and open records alike: there is no event, and nobody acts. `true` counts every record. */
function check(rule: Rule, { report, scope, pointer, condition }: At): void {
  if (rule === true) return;
  for (const one of checkRule(rule, { ...scope, expects: condition ? 'boolean' : 'any' })) report.addWorded(file, { ...one, pointer: pointer + one.pointer });
}

function checkEvidence(model: Model, report: Report, scope: Scope): void {
  for (const [index, { fields, when, dated, every }] of (model.files[file]?.evidence ?? []).entries()) {
    const pointer = `/evidence/${index}`;
    for (const [at, field] of (fields ?? []).entries())
      checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: `${pointer}/fields/${at}` });
    if (when !== undefined) check(when, { report, scope, pointer: `${pointer}/when`, condition: true });
    if (dated !== undefined && checkKnown(dated, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: `${pointer}/dated` })) {
      const { type, format } = model.fields.get(dated) ?? {};
      if (type !== 'string' || (format !== 'date' && format !== 'date-time'))
        report.add('EVIDENCE_DATED', { file, pointer: `${pointer}/dated` }, { field: dated });
    }
    if (every !== undefined && !Object.values(parseDuration(every) ?? {}).some((part) => part > 0))
      report.add('EVIDENCE_TERM', { file, pointer: `${pointer}/every` }, { found: JSON.stringify(every) });
  }
}

/** Figures an action measures, each `<process>.<kpi>`. A process that is still to come is doubtful, not wrong. */
export function checkMeasure({ file: at, pointer }: PlacedAction, params: JsonObject, { model, report }: { model: Model; report: Report }): void {
  const named = Array.isArray(params.kpis) ? (params.kpis as readonly unknown[]) : [];
  for (const [index, name] of named.entries()) {
    const place = { file: at, pointer: `${pointer}/params/kpis/${index}` };
    const [process = '', kpi = '', more] = String(name).split('.');
    if (process === '' || kpi === '' || more !== undefined) {
      report.add('ACTION_INCOMPLETE', place, { name: 'measure', reason: `${JSON.stringify(name)} is not written <process>.<figure>` });
      continue;
    }
    const processes = new Set([...model.around.processes.keys(), model.key]);
    const kpis = ownKeys((process === model.key ? model.files[file] : model.around.processes.get(process)?.process)?.kpis);
    const unknown = !processes.has(process) ? suggestion(process, processes) : kpis.has(kpi) ? null : suggestion(kpi, kpis);
    if (unknown !== null) report.add('KPI_UNKNOWN', place, { name: String(name), suggestion: unknown });
  }
}
