/**
 * Back-pressure: beyond what the server can take it refuses at once with BUSY (503, Retry-After), which costs next to nothing, instead of taking
 * on work that everybody would wait for and memory that it does not have. What counts is the server's own work: a client that sends or reads
 * slowly holds up nobody but himself.
 */
import type { RequestHandler } from 'express';
import { EngineError } from '../../engine/index.js';
import { isForWatchers } from './paths.js';
import type { Route } from './route.js';

/** Seconds after which those who were refused should come again. */
const COME_AGAIN = 2;

export interface Pressure {
  /** Carries out work of a request. @throws EngineError BUSY while as many others are worked on as may be. */
  working<T>(route: Route, work: () => Promise<T>): Promise<T>;
  /** Refuses at the door while there is no room: before sessions are looked up and bodies read. */
  readonly atTheDoor: RequestHandler;
}

function busy(limit: number): EngineError {
  return new EngineError('BUSY', { what: 'requests at once', limit, retryAfter: COME_AGAIN });
}

/** `requests`: how many are worked on at once. */
export function createPressure(requests: number): Pressure {
  let worked = 0;
  return {
    async working(route, work) {
      // Those who watch must see what is going on most of all when there is too much of it.
      if (isForWatchers(route.path)) return work();
      if (worked >= requests) throw busy(requests);
      worked += 1;
      try {
        return await work();
      } finally {
        worked -= 1;
      }
    },
    atTheDoor: (request, _response, next) => next(worked >= requests && !isForWatchers(request.path) ? busy(requests) : undefined),
  };
}
