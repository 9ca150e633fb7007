/** Figures and evidence: what a process is measured by, and what its records prove. */
import type { KpiSpec } from '../../../engine/index.js';
import { durationWords } from '../drawing/delayWords.js';
import { listed } from '../drawing/words.js';
import { conditionOf, phraseOf } from './ruleWords.js';
import { fieldTitle, type Naming } from './titles.js';

/** `Resolved in time: aims at 90 % or more; the share of …, among those for which …`. */
export function figureSentences(naming: Naming): string[] {
  return Object.values(naming.view.process.kpis ?? {}).map((kpi) => {
    const { title, target, unit, direction } = kpi;
    const aim = target === undefined ? '' : `aims at ${target}${unit === undefined ? '' : ` ${unit}`} or ${direction === 'down' ? 'less' : 'more'}; `;
    return `${title}: ${aim}${measureWords(kpi, naming)}.`;
  });
}

function measureWords({ description, measure }: KpiSpec, naming: Naming): string {
  if (description !== undefined) return description.replace(/\.$/u, '').replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
  const among = measure.of === undefined || measure.of === true ? '' : `, among those for which ${conditionOf(measure.of, naming)}`;
  if (measure.percent !== undefined) return `the share of the records for which ${conditionOf(measure.percent, naming)}${among}`;
  if (measure.count !== undefined) return `how many records there are for which ${conditionOf(measure.count, naming)}${among}`;
  if (measure.median !== undefined) return `the median of ${phraseOf(measure.median, naming)}${among}`;
  if (measure.average !== undefined) return `the average of ${phraseOf(measure.average, naming)}${among}`;
  return `the sum of ${phraseOf(measure.sum ?? null, naming)}${among}`;
}

/** `Requests for change (8.5.1.2): proven by records in which Reason and Risk are filled in; wanted every 3 months.`. */
export function evidenceSentences(naming: Naming): string[] {
  return (naming.view.process.evidence ?? []).map(({ clause, title, fields = [], when, every }) => {
    const numbers = [clause['2018'], clause['2011'] && `${clause['2011']} in 2011`].filter((text) => text !== undefined && text !== '').join(', ');
    const filled =
      fields.length === 0 ? '' : ` in which ${listed(fields.map((field) => fieldTitle(naming, field)))} ${fields.length === 1 ? 'is' : 'are'} filled in`;
    const which = when === undefined ? '' : `, of those for which ${conditionOf(when, naming)}`;
    const wanted = every === undefined ? '' : `; wanted every ${(durationWords(every) ?? every).replace(/^1 /u, '')}`;
    return `${title} (${numbers}): proven by records${filled}${which}${wanted}.`;
  });
}
