/** What became of a record between two of its steps: state, fields, clocks, version, and who did it. */
import { EngineError, type Json, type PointInTime } from '../../engine/index.js';
import { clockCards } from '../presenters/clocks.js';
import { tellValue } from '../presenters/values.js';
import { type Reading, readAround } from '../queries/reading.js';
import type { Visit } from '../web/visit.js';
import { entryContext } from './entryContext.js';
import { type ChangeView, entryView } from './entryView.js';
import { exactly, short } from './frame.js';
import { stepNumber, stepsOf } from './recordPath.js';

/** Fields that differ, in the order of the later form, then those only the earlier one had. */
function fieldDifferences(from: PointInTime, to: PointInTime, reading: Reading): readonly ChangeView[] {
  const [before, after] = [reading.words(from.record), reading.words(to.record)];
  const names = new Set([
    ...Object.keys(to.definition.form.properties),
    ...Object.keys(from.definition.form.properties),
    ...Object.keys(to.record.data),
    ...Object.keys(from.record.data),
  ]);
  const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  return [...names]
    .filter((name) => !same(from.record.data[name], to.record.data[name]))
    .map((name) => ({
      field: after.field(name) ? after.fieldTitle(name) : before.fieldTitle(name),
      before: tellValue(before.field(name), from.record.data[name], reading),
      after: tellValue(after.field(name), to.record.data[name], reading),
    }));
}

function side(point: PointInTime, reading: Reading): object {
  const { record } = point;
  const words = reading.words(record);
  return {
    sequence: point.sequence,
    href: `/audit/records/${record.number}?step=${point.sequence}`,
    at: exactly(record.updatedAt, reading.zone),
    states: words.chips(record.paths, record.status),
    version: { short: short(record.definitionVersion), href: `/processes/${record.process}/versions/${record.definitionVersion}` },
  };
}

function clockDifferences(from: PointInTime, to: PointInTime): readonly ChangeView[] {
  const told = (point: PointInTime) => new Map(clockCards(point.record.clocks).map((card) => [card.title, `${card.headline}. ${card.note}`]));
  const [before, after] = [told(from), told(to)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((title) => ({ field: title, before: before.get(title) ?? null, after: after.get(title) ?? null }))
    .filter((each) => each.before !== each.after);
}

export async function showDifference(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const { number } = await engine.record(visit.param('number'), visit.actor);
  const steps = await stepsOf(visit, number);
  const chosen = ['from', 'to'].map((name) => stepNumber(visit, name, steps.length)) as [number | null, number | null];
  if (chosen[0] === null || chosen[1] === null)
    throw new EngineError('QUERY_INVALID', { parameter: chosen[0] === null ? 'from' : 'to', reason: 'It is missing.' });
  const [first, last] = [Math.min(chosen[0], chosen[1]), Math.max(chosen[0], chosen[1])];
  const [from, to] = await Promise.all([engine.at(number, { sequence: first }, visit.actor), engine.at(number, { sequence: last }, visit.actor)]);
  const between = steps.slice(first, last);
  const [reading, context] = await Promise.all([readAround(visit, [from.record, to.record]), entryContext(visit, between)]);
  await visit.page({
    view: 'auditor/difference',
    title: `What changed in ${number}`,
    current: '/audit',
    model: {
      crumbs: [
        { href: '/audit', title: 'Audit' },
        { href: `/audit/records/${number}?step=${last}`, title: number },
      ],
      number,
      from: side(from, reading),
      to: side(to, reading),
      migrated:
        from.record.definitionVersion === to.record.definitionVersion
          ? null
          : `/processes/${to.record.process}/compare?from=${from.record.definitionVersion}&to=${to.record.definitionVersion}`,
      fields: fieldDifferences(from, to, reading),
      clocks: clockDifferences(from, to),
      entries: between.map((entry) => entryView(entry, context)),
    },
  });
}
