/** The clock of an installation under test (`CHARTER_CLOCK=manual`); elsewhere these addresses do not exist. */
import { DateTime } from 'luxon';
import type { z } from 'zod';
import { EngineError, parseDuration, parseInstant, type RunningEngine } from '../../engine/index.js';
import { holds } from '../web/route.js';
import { type Answer, type Call, type Operation, operation } from './operation.js';
import { isoInstant } from './present.js';
import { clockChange, clockReading } from './shapes/service.js';

function refuse(field: string, message: string): never {
  throw new EngineError('DATA_INVALID', { fields: [{ field, message }] });
}

function targetOf(engine: RunningEngine, change: z.output<typeof clockChange>): number {
  const now = engine.now();
  if ('set' in change) {
    const at = parseInstant(change.set) ?? refuse('set', 'This must be an instant such as 2026-03-02T09:00:00Z.');
    return at < now ? refuse('set', `The clock goes forward only; it is ${isoInstant(now)}.`) : at;
  }
  const duration = parseDuration(change.advance) ?? refuse('advance', 'This must be an ISO 8601 duration such as PT4H.');
  const moved = DateTime.fromMillis(now, { zone: 'utc' }).plus(duration);
  return moved.isValid && moved.year <= 9999 ? moved.toMillis() : refuse('advance', 'This leads beyond the year 9999.');
}

/** One change after another: each begins where the one before it ended. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

export function clockOperations(): readonly Operation[] {
  const turn = inTurn();
  const about = { tag: 'Clock', allow: holds('administrator'), path: '/api/v1/clock' } as const;
  const read = ({ engine }: Call<unknown, unknown>): Answer => ({ status: 200, body: { now: isoInstant(engine.now()) } });
  const change = async (call: Call<unknown, z.output<typeof clockChange>>): Promise<Answer> =>
    turn(async () => {
      await call.engine.advanceTo(targetOf(call.engine, call.body));
      return read(call);
    });
  return [
    operation({
      ...about,
      name: 'readClock',
      method: 'get',
      summary: 'What time it is for Charter',
      answers: { 200: { description: 'The instant', shape: clockReading } },
      handle: read,
    }),
    operation({
      ...about,
      name: 'moveClock',
      method: 'post',
      summary: 'Set or advance the clock; answers when everything that fell due has run',
      body: clockChange,
      repeat: 'answer',
      answers: { 200: { description: 'The instant reached', shape: clockReading } },
      handle: change,
    }),
  ];
}
