/** Measuring: figures and evidence, worked out from records as they are now. */
import type { Program } from '../core/program.js';
import type { Engine } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import { recordsBehind, standingOf } from './evidence.js';
import { figuresFor } from './figures.js';
import { type Changes, createMemory } from './memory.js';
import type { Coverage, EvidenceStanding } from './shapes.js';

export { createMeasureDelivery } from './delivery.js';
export { createChanges } from './memory.js';

export function measuringVerbs(context: EngineContext, changes: Changes): Pick<Engine, 'kpis' | 'coverage' | 'evidence' | 'reference'> {
  const remember = createMemory(context, changes);
  return {
    kpis: (query, actor) => figuresFor(context, remember, { query, actor }),
    async coverage() {
      const keys = context.library.keys();
      const evidence: EvidenceStanding[] = [];
      for (const process of keys) evidence.push(...(await remember(process, 'evidence', () => standingOf(context, process))));
      return { processes: keys.map((key) => aboutProcess(context.library.current(key))), evidence };
    },
    evidence: (query, actor) => recordsBehind(context, query, actor),
    reference: () => context.library.reference(),
  };
}

function aboutProcess({ key, process }: Program): Coverage['processes'][number] {
  const title = process.title ?? key;
  const { '2018': latest = [], '2011': former = [] } = process.clauses ?? {};
  return { key, title, plural: process.plural ?? title, clauses: { '2018': latest, '2011': former } };
}
