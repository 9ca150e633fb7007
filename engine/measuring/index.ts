/** Measuring: figures and evidence, worked out from records as they are now. */
import type { Engine } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import { recordsBehind, standingOf } from './evidence.js';
import { figuresFor } from './figures.js';
import { type Changes, createMemory } from './memory.js';

export { createMeasureDelivery } from './delivery.js';
export { createChanges } from './memory.js';

export function measuringVerbs(context: EngineContext, changes: Changes): Pick<Engine, 'kpis' | 'coverage' | 'evidence' | 'reference'> {
  const remember = createMemory(context, changes);
  return {
    kpis: (query, actor) => figuresFor(context, remember, { query, actor }),
    async coverage() {
      const standings = [];
      for (const process of context.library.keys()) standings.push(...(await remember(process, 'evidence', () => standingOf(context, process))));
      return standings;
    },
    evidence: (query, actor) => recordsBehind(context, query, actor),
    reference: () => context.library.reference(),
  };
}
