/** The records behind one entry of evidence: those that prove it, or those in which fields are still empty. */
import { EngineError } from '../../engine/index.js';
import { recordRow } from '../presenters/recordRow.js';
import { readAround } from '../queries/reading.js';
import type { Visit } from '../web/visit.js';

/** Records shown; of more the newest. */
const MOST = 200;

export async function showEvidence(
  visit: Visit,
  { process, index, tabs }: { readonly process: string; readonly index: number; readonly tabs: readonly object[] | null },
): Promise<void> {
  const { engine } = visit.services;
  const standing = visit.query('standing') ?? 'complete';
  if (standing !== 'complete' && standing !== 'incomplete')
    throw new EngineError('QUERY_INVALID', { parameter: 'standing', allowed: ['complete', 'incomplete'] });
  const { items, more } = await engine.evidence({ process, index, standing, limit: MOST }, visit.actor);
  const coverage = await engine.coverage();
  const entry = coverage.evidence.find((one) => one.process === process && one.index === index);
  const reading = await readAround(
    visit,
    items.map(({ record }) => record),
  );
  const path = `/audit/coverage/${process}/${index}`;
  const total = standing === 'complete' ? (entry?.complete ?? 0) : (entry?.incomplete ?? 0);
  await visit.page({
    view: 'auditor/coverageRecords',
    title: entry?.title ?? 'Evidence',
    current: tabs ? '/audit' : '/audit/coverage',
    model: {
      tabs,
      title: entry?.title ?? 'Evidence',
      clauses: [entry?.clause['2018'] && `${entry.clause['2018']} (2018)`, entry?.clause['2011'] && `${entry.clause['2011']} (2011)`]
        .filter(Boolean)
        .join(', '),
      process: coverage.processes.find(({ key }) => key === process)?.plural ?? process,
      standings: [
        { title: 'Complete', href: path, amount: entry?.complete ?? 0, current: standing === 'complete' },
        { title: 'Incomplete', href: `${path}?standing=incomplete`, amount: entry?.incomplete ?? 0, current: standing === 'incomplete' },
      ],
      incomplete: standing === 'incomplete',
      rows: items.map(({ record, missing }) => {
        const words = reading.words(record);
        const titles = missing.map((name) => words.field(name)?.title ?? name);
        return { ...recordRow(record, words, reading), missing: titles.join(', ') };
      }),
      more,
      most: MOST,
      hidden: !more && items.length < total ? total - items.length : null,
    },
  });
}
