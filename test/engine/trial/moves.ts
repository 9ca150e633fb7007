/** What can be done with a record as it stands: an event somebody sends, a comment, time passing. Drawn towards what no walk has taken. */
import { askedBy } from '../../../engine/core/intake.js';
import { isInternalName } from '../../../engine/core/internal.js';
import type { Simulation } from '../../../engine/trial/index.js';
import type { Actor, JsonObject } from '../../../engine/types.js';
import { pick, randomValue } from './randomData.js';
import type { Walker } from './walking.js';

export interface Move {
  readonly title: string;
  /** It may take a transition that no walk has taken. */
  readonly fresh: boolean;
  act(simulation: Simulation): void;
}

/** A move that does the same each time it is made: its random choices are kept. */
export function fixed(move: Move): Move {
  let first: { name: keyof Simulation; args: readonly unknown[] } | null = null;
  return {
    ...move,
    act(simulation) {
      if (first === null) {
        const spy = new Proxy(simulation, {
          get: (target, name) =>
            ['create', 'send', 'internal', 'advance'].includes(String(name))
              ? (...args: unknown[]) => void (first = { name: name as keyof Simulation, args })
              : Reflect.get(target, name),
        });
        move.act(spy);
      }
      const { name, args } = first as unknown as { name: 'send'; args: [Actor, string, JsonObject] };
      simulation[name](...args);
    },
  };
}

export function chooseMove(walker: Walker, simulation: Simulation): Move {
  const moves = [...eventMoves(walker, simulation), ...timeMoves(walker, simulation)];
  const weights = moves.map((move) => (move.fresh ? 8 : 1));
  let left = walker.random() * weights.reduce((sum, weight) => sum + weight, 0);
  return moves.find((_, index) => (left -= weights[index] ?? 0) < 0) ?? (moves[0] as Move);
}

function eventMoves(walker: Walker, simulation: Simulation): readonly Move[] {
  const { program, random, taken } = walker;
  const { record } = simulation;
  if (!record) return [];
  const events = program.kernel.declared(record).flatMap((event): readonly Move[] => {
    const candidates = program.kernel.candidates(record, event);
    const fresh = candidates.some((candidate) => !taken.has(candidate.id));
    if (event.startsWith('clock.') || event.startsWith('approval.')) return [];
    if (isInternalName(event)) return event === 'record.comment' ? [] : [{ title: event, fresh, act: (next) => next.internal(event, {}) }];
    return [{ title: event, fresh, act: (next) => next.send(someone(walker, simulation), event, randomData(walker, askedBy(program, candidates))) }];
  });
  const comments = program.kernel.candidates(record, 'record.comment');
  const comment: Move = {
    title: 'comment',
    fresh: comments.some((candidate) => !taken.has(candidate.id)),
    act: (next) =>
      next.internal('record.comment', { id: 'c', text: 'A word', internal: random() < 0.3, byRequester: random() < 0.7 }, someone(walker, simulation)),
  };
  return [...events, comment];
}

/** Mostly somebody the record knows: named in a field, its creator, a voter who has not voted. */
function someone({ random, actors: strangers }: Walker, { record, users }: Simulation): Actor {
  const actors = users.size > 0 ? [...users.values()].map(({ id, roles, teams }): Actor => ({ id, roles, teams })) : strangers;
  if (!record) return pick(random, actors);
  const open = Object.values(record.approvals).filter((approval) => approval.status === 'open');
  const voters = open.flatMap((approval) =>
    approval.steps
      .filter((step) => step.name === approval.step)
      .flatMap((step) => step.voters.filter((voter) => !approval.votes.some((vote) => vote.step === step.name && vote.voter === voter))),
  );
  const known = new Set([record.createdBy, ...Object.values(record.data), ...voters]);
  const likely = actors.filter((actor) => known.has(actor.id));
  return pick(random, random() < 0.7 && likely.length > 0 ? likely : actors);
}

function timeMoves({ program, random, taken }: Walker, { record, timers, now }: Simulation): readonly Move[] {
  const due = timers.map((timer) => timer.dueAt).sort((a, b) => a - b)[0];
  const some: Move = { title: 'some time', fresh: false, act: (next) => next.advance(now + Math.floor(random() * 5 * 86_400_000)) };
  if (due === undefined || !record) return [some];
  const fresh = timers.some((timer) => program.kernel.candidates(record, timer.event).some((candidate) => !taken.has(candidate.id)));
  const next: Move = { title: 'until the next timer', fresh, act: (simulation) => simulation.advance(Math.max(due, now)) };
  return [some, next];
}

export function randomData({ program, around, random }: Walker, asked: ReturnType<typeof askedBy>): JsonObject {
  const given = asked.filter((entry) => entry.required || random() < 0.55);
  return Object.fromEntries(given.map((entry) => [entry.field, randomValue(program, entry.field, around)]).filter(([, value]) => value !== null)) as JsonObject;
}

// ---- what must always be true ----------------------------------------------------------------------------------------
