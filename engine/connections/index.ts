/** What records are connected with: neighbourhoods and impact. */
import type { Engine } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import { impactOf } from './impact.js';
import { neighbourhoodOf } from './neighbourhood.js';

export function connectionVerbs(context: EngineContext): Pick<Engine, 'neighbourhood' | 'impact'> {
  return {
    neighbourhood: (idOrNumber, actor, options) => neighbourhoodOf(context, idOrNumber, actor, options),
    impact: (idOrNumber, actor) => impactOf(context, idOrNumber, actor),
  };
}
