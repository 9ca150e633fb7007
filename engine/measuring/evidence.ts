/** What the records of a process prove: by entry of `evidence`, how many count, the newest, and since when one is wanting. */
import { scopeOf } from '../core/access.js';
import type { Program } from '../core/program.js';
import type { EvidenceSpec } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import { addDuration, type CompiledRule, parseInstant } from '../rules/index.js';
import { type EngineContext, viewFor } from '../runtime/context.js';
import type { Actor, RecordState } from '../types.js';
import type { LookedAt } from './recordFacts.js';
import { judge, recordsOf } from './scan.js';
import type { EvidenceRecords, EvidenceStanding } from './shapes.js';

/** An entry ready to be asked of records. */
interface Entry {
  readonly index: number;
  readonly spec: EvidenceSpec;
  readonly when: CompiledRule | null;
}

interface Counted {
  complete: number;
  incomplete: number;
  failed: number;
  newest: EvidenceStanding['newest'];
}

/** How every entry of a process stands. */
export async function standingOf(context: EngineContext, process: string): Promise<readonly EvidenceStanding[]> {
  const program = context.library.current(process);
  const entries = entriesOf(program).map((entry) => ({ entry, counted: { complete: 0, incomplete: 0, failed: 0, newest: null } as Counted }));
  if (entries.length === 0) return [];
  for await (const looked of recordsOf(context, { process })) {
    for (const { entry, counted } of entries) await count(looked, entry, counted);
  }
  const now = context.clock.now();
  return entries.map(({ entry, counted }) => toStanding(process, entry, { counted, now }));
}

/** Records behind one entry that the actor may read. */
export async function recordsBehind(
  context: EngineContext,
  query: { process: string; index: number; standing: 'complete' | 'incomplete'; limit: number },
  actor: Actor,
): Promise<EvidenceRecords> {
  const program = context.library.current(query.process);
  const entry = entriesOf(program)[query.index];
  if (!entry) throw new EngineError('NOT_FOUND', { process: query.process, evidence: query.index });
  const items: EvidenceRecords['items'][number][] = [];
  const scope = scopeOf(context.library.processes(), actor);
  for await (const looked of recordsOf(context, { process: query.process, direction: 'desc', scope })) {
    const judged = await judge(looked, ({ facts, environment }) => entry.when?.holds(facts, environment) ?? true);
    if (judged === 'failed' || !judged.value) continue;
    const missing = missingIn(looked.record, entry.spec);
    if ((missing.length === 0) !== (query.standing === 'complete')) continue;
    if (items.length === query.limit) return { standing: query.standing, items, more: true };
    const own = await context.library.load(looked.record.definition);
    items.push({ record: viewFor(context, looked.record, { program: own, actor }), missing });
  }
  return { standing: query.standing, items, more: false };
}

function entriesOf(program: Program): readonly Entry[] {
  return (program.process.evidence ?? []).map((spec, index) => ({
    index,
    spec,
    when: spec.when === undefined ? null : program.rule(spec.when, `evidence.${index}.when`),
  }));
}

async function count(looked: LookedAt, { spec, when }: Entry, counted: Counted): Promise<void> {
  const judged = await judge(looked, ({ facts, environment }) => when?.holds(facts, environment) ?? true);
  if (judged === 'failed') counted.failed += 1;
  else if (judged.value && missingIn(looked.record, spec).length > 0) counted.incomplete += 1;
  else if (judged.value) {
    counted.complete += 1;
    const { id, number } = looked.record;
    const at = provenAt(looked.record, spec);
    if (counted.newest === null || at >= counted.newest.at) counted.newest = { id, number, at };
  }
}

/** When a record proved it: the date it names, else its opening. */
function provenAt({ data, createdAt }: RecordState, { dated }: EvidenceSpec): number {
  const named = dated === undefined ? undefined : data[dated];
  return (typeof named === 'string' ? parseInstant(named) : null) ?? createdAt;
}

/** Fields that must be filled in and are not. */
function missingIn({ data }: RecordState, { fields = [], dated }: EvidenceSpec): readonly string[] {
  return [...new Set([...fields, ...(dated === undefined ? [] : [dated])])].filter((field) => {
    const value = data[field];
    return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  });
}

function toStanding(process: string, { index, spec }: Entry, { counted, now }: { counted: Counted; now: number }): EvidenceStanding {
  const { complete, incomplete, failed, newest } = counted;
  const { clause, title, fields = [], every = null } = spec;
  const wantedAt = every === null || newest === null ? null : addDuration(newest.at, every);
  return {
    process,
    index,
    clause,
    title,
    fields,
    every,
    complete,
    incomplete,
    failed,
    newest,
    overdueSince: wantedAt !== null && wantedAt < now ? wantedAt : null,
  };
}
