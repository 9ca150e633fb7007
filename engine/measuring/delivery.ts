/** The action `measure`: works figures out and sends them to the record that asked, exactly once. */
import { EngineError } from '../errors.js';
import { addDuration, parseInstant } from '../rules/index.js';
import type { EngineContext } from '../runtime/context.js';
import type { Deliver } from '../runtime/effects/deliver.js';
import type { Effect, JsonObject } from '../types.js';
import { figuresOf, tallied } from './figures.js';

type Measure = Effect & { readonly type: 'measure' };

/** How long a delivery is known to have been made, in milliseconds. */
const REMEMBERED = 90 * 86_400_000;
/** Steps that led to each other after which they are taken to go in a circle. */
const LONGEST_TRAIL = 50;

export function createMeasureDelivery(context: EngineContext): Deliver {
  return async (effect, queued) => {
    if (effect.type !== 'measure') return;
    const scope = `measure:${queued.key}`;
    const at = context.clock.now();
    if ((await context.store.queue.idempotency(scope, at)) !== null) return;
    // A chart that measures whenever it was measured would go on for ever.
    if (new Set(effect.trail).size < effect.trail.length - 1 || effect.trail.length > LONGEST_TRAIL)
      throw new EngineError('SIGNAL_CIRCULAR', { circle: effect.trail });
    const figures = await measured(context, effect);
    try {
      await context.steps.run(
        {
          kind: 'event',
          record: queued.record,
          type: 'record.measured',
          data: { figures },
          actor: { id: 'system', roles: [], teams: [] },
          origin: 'system',
          internal: true,
          trail: effect.trail,
          at,
          recordedAt: at,
        },
        { idempotency: () => ({ scope, bodyHash: '', answer: '{}', expiresAt: at + REMEMBERED }) },
      );
    } catch (error) {
      if (error instanceof EngineError && (error.code === 'RECORD_FINISHED' || error.code === 'RECORD_NOT_FOUND')) return;
      throw error;
    }
  };
}

/** The figures in the order asked for; those of one process are worked out together. One that nobody declares stays empty. */
async function measured(context: EngineContext, { kpis, from, to }: Measure): Promise<readonly JsonObject[]> {
  const span = { ...given('from', startOf(from)), ...given('to', endOf(to)) };
  const found = new Map<string, JsonObject>();
  for (const process of new Set(kpis.map((name) => name.split('.')[0] ?? ''))) {
    if (!context.library.has(process)) continue;
    const wanted = figuresOf(context.library.current(process)).filter(({ name }) => kpis.includes(`${process}.${name}`));
    const { tallies } = await tallied(context, { process, ...span }, wanted);
    for (const { figure, whole } of tallies) {
      const { value, met, count } = whole();
      const { title, unit, target } = figure.spec;
      const known = { ...given('unit', unit), ...given('target', target), ...given('met', met ?? undefined) };
      found.set(`${process}.${figure.name}`, { process, kpi: figure.name, title, value, ...known, count });
    }
  }
  return kpis.map((name) => found.get(name) ?? unknown(name));
}

function unknown(name: string): JsonObject {
  const [process = '', kpi = ''] = name.split('.');
  return { process, kpi, title: kpi, value: null, count: 0 };
}

/** A member that is there only when it has a value. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: V });
}

/** An instant, or the beginning of a day (UTC). */
function startOf(text: string | null): number | undefined {
  return text === null ? undefined : (parseInstant(text) ?? undefined);
}

/** The instant itself, or the end of the day (UTC): a day counts whole. */
function endOf(text: string | null): number | undefined {
  const instant = startOf(text);
  return instant !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? addDuration(instant, 'P1D') : instant;
}
