/** All steps of a record, oldest first, as far as a page can show them. */

import { type DefinitionView, EngineError, type HistoryView, type RecordView } from '../../engine/index.js';
import { drawStatechart } from '../presenters/drawing/drawStatechart.js';
import { pathsOf } from '../presenters/timeline.js';
import type { Visit } from '../web/visit.js';

const PAGE = 200;
const MOST = 2_000;

export async function stepsOf(visit: Visit, number: string): Promise<readonly HistoryView[]> {
  const { engine } = visit.services;
  const steps: HistoryView[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly items: readonly HistoryView[]; readonly next: string | null } = await engine.history(number, visit.actor, {
      limit: PAGE,
      ...(cursor ? { cursor } : {}),
    });
    steps.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && steps.length < MOST);
  return steps;
}

/** A step by its sequence as typed in an address. @throws EngineError QUERY_INVALID when the record has none such. */
export function stepNumber(visit: Visit, name: string, last: number): number | null {
  const given = visit.query(name);
  if (given === null) return null;
  const sequence = /^[1-9]\d{0,8}$/u.test(given) ? Number(given) : 0;
  if (sequence < 1 || sequence > last) throw new EngineError('QUERY_INVALID', { parameter: name, reason: `The record has steps 1 to ${last}.` });
  return sequence;
}

/** The statechart of that time with where the record stood and the path it had taken. '' when it cannot be drawn. */
export async function drawingAt(
  visit: Visit,
  { record, definition }: { record: RecordView; definition: DefinitionView },
  steps: readonly HistoryView[],
): Promise<string> {
  const taken = steps.map(({ from, to, event }) => ({ from: pathsOf(from), to: pathsOf(to), event }));
  return drawStatechart(definition, { title: `Where ${record.number} stood`, current: record.paths, taken }).catch((error: unknown) => {
    visit.services.log.warn({ err: error, record: record.number }, 'drawing failed');
    return '';
  });
}
