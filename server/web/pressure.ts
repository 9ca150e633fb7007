/**
 * Back-pressure: beyond what the server can take it refuses at once with BUSY (503, Retry-After), which costs next to nothing, instead of taking
 * on work that everybody would wait for and memory that it does not have. What counts is the server's own work: a client that sends or reads
 * slowly holds up nobody but himself.
 */
import type { Request, RequestHandler } from 'express';
import { EngineError } from '../../engine/index.js';
import { isForWatchers } from './paths.js';
import type { Route } from './route.js';

export interface Limits {
  /** Requests worked on at once. */
  readonly requests: number;
  /** Bytes of bodies held at once; a single larger one is taken when there is no other. */
  readonly bodyBytes: number;
}

export const BODY_BYTES = 64 * 1024 * 1024;
/** Seconds after which those who were refused should come again. */
const COME_AGAIN = 2;

export interface Pressure {
  /** Carries out work of a request. @throws EngineError BUSY while as many others are worked on as may be. */
  working<T>(route: Route, work: () => Promise<T>): Promise<T>;
  /** Carries out work that holds the body of a request. @throws EngineError BUSY while others hold too much. */
  holding<T>(bytes: number, work: () => Promise<T>): Promise<T>;
  /** Refuses at the door while there is no room: before sessions are looked up and bodies read. */
  readonly atTheDoor: RequestHandler;
}

function busy(what: string, limit: number): EngineError {
  return new EngineError('BUSY', { what, limit, retryAfter: COME_AGAIN });
}

export function createPressure({ requests, bodyBytes }: Limits): Pressure {
  let [worked, held] = [0, 0];
  return {
    async working(route, work) {
      // Those who watch must see what is going on most of all when there is too much of it.
      if (isForWatchers(route.path)) return work();
      if (worked >= requests) throw busy('requests at once', requests);
      worked += 1;
      try {
        return await work();
      } finally {
        worked -= 1;
      }
    },
    async holding(bytes, work) {
      if (held > 0 && held + bytes > bodyBytes) throw busy('bytes of bodies at once', bodyBytes);
      held += bytes;
      try {
        return await work();
      } finally {
        held -= bytes;
      }
    },
    atTheDoor: (request, _response, next) => next(worked >= requests && !isForWatchers(request.path) ? busy('requests at once', requests) : undefined),
  };
}

/** The bytes a request's body will take: what it says, or the most it may have where it does not say. */
export function bodySize(request: Request, most: number): number {
  if (request.method === 'GET' || request.method === 'HEAD') return 0;
  const said = Number(request.get('content-length') ?? Number.NaN);
  return Number.isSafeInteger(said) && said >= 0 ? Math.min(said, most) : most;
}
