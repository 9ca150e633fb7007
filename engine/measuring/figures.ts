/** Figures (KPIs) of a process, worked out from its records as they are now. */
import { readRight, withheldFields } from '../core/access.js';
import type { Program } from '../core/program.js';
import { EngineError } from '../errors.js';
import type { EngineContext } from '../runtime/context.js';
import type { Actor } from '../types.js';
import type { Remember } from './memory.js';
import { judge, recordsOf } from './scan.js';
import type { Figure, Figures } from './shapes.js';
import { type CompiledFigure, compileFigures, createTally, partOf, type Tally } from './tally.js';

/** Which figures, over the records opened from `from` on and before `to`. */
export interface FigureQuery {
  readonly process: string;
  readonly from?: number;
  readonly to?: number;
}

/**
 * The figures of a process for somebody who may read all of its records: they tell of all of them. Those that rest on
 * fields he may not see are left out.
 * @throws EngineError PROCESS_NOT_FOUND, FORBIDDEN
 */
export async function figuresFor(
  context: EngineContext,
  remember: Remember,
  { query, actor }: { readonly query: FigureQuery; readonly actor: Actor },
): Promise<Figures> {
  const program = context.library.current(query.process);
  if (readRight(program.process, actor) !== 'all') throw new EngineError('FORBIDDEN', { process: query.process });
  const withheld = withheldFields(program.fields, actor);
  const { records, figures } = await remember(program.key, `figures ${query.from ?? ''} ${query.to ?? ''}`, async () => {
    const all = await tallied(context, query, figuresOf(program));
    return { records: all.records, figures: all.tallies.map((tally) => ({ tally, shown: toFigure(tally) })) };
  });
  const open = figures.filter(({ tally: { figure } }) => !readsAny(figure, withheld));
  return { process: program.key, from: query.from ?? null, to: query.to ?? null, records, figures: open.map(({ shown }) => shown) };
}

/** Whether its rules read one of these fields, within iterators too. */
function readsAny({ spec }: CompiledFigure, fields: ReadonlySet<string>): boolean {
  const text = JSON.stringify(spec.measure);
  return [...fields].some((field) => text.includes(`"record.${field}"`) || text.includes(`"record.${field}.`));
}

/** The figures a process declares, ready to be worked out. */
export function figuresOf(program: Program): readonly CompiledFigure[] {
  return compileFigures(program.process.kpis, (source, name) => program.rule(source ?? null, name));
}

/** Adds the figures up over the records of the span. */
export async function tallied(context: EngineContext, query: FigureQuery, figures: readonly CompiledFigure[]) {
  const tallies = figures.map(createTally);
  let records = 0;
  if (figures.length > 0) {
    for await (const looked of recordsOf(context, query)) {
      records += 1;
      const month = new Date(looked.record.createdAt).toISOString().slice(0, 7);
      for (const tally of tallies) {
        const judged = await judge(looked, ({ facts, environment }) => partOf(tally.figure, facts, environment));
        if (judged === 'failed') tally.leaveOut();
        else if (judged.value !== null) tally.add(judged.value, month);
      }
    }
  }
  return { records, tallies };
}

function toFigure({ figure: { name, spec }, whole, months, failed }: Tally): Figure {
  return {
    kpi: name,
    title: spec.title,
    description: spec.description ?? null,
    unit: spec.unit ?? null,
    target: spec.target ?? null,
    direction: spec.direction ?? null,
    ...whole(),
    failed,
    months: months(),
  };
}
