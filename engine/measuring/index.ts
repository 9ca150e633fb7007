/** Measuring: figures and evidence, worked out from records as they are now. */
import type { Engine } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import { recordsBehind, standingOf } from './evidence.js';
import { figuresFor } from './figures.js';

export { createMeasureDelivery } from './delivery.js';

export function measuringVerbs(context: EngineContext): Pick<Engine, 'kpis' | 'coverage' | 'evidence'> {
  return {
    kpis: (query, actor) => figuresFor(context, query, actor),
    async coverage() {
      const standings = [];
      for (const process of context.library.keys()) standings.push(...(await standingOf(context, process)));
      return standings;
    },
    evidence: (query, actor) => recordsBehind(context, query, actor),
  };
}
