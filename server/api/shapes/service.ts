/** What the API says and takes of the server itself. */
import { z } from 'zod';
import { instant, named, object } from './words.js';

export const clockReading = named('Clock', z.object({ now: instant }));
export const clockChange = named(
  'ClockChange',
  z.union([
    z.strictObject({ set: z.string().meta({ format: 'date-time' }) }),
    z.strictObject({ advance: z.string().meta({ examples: ['PT4H'], format: 'duration' }) }),
  ]),
);

export const health = named('Health', z.object({ status: z.enum(['ok']) }));
export const readiness = named(
  'Readiness',
  z.object({ status: z.enum(['ok', 'not ready']), parts: z.record(z.string(), z.string()).meta({ description: 'Of each part `ok`, or what is wrong' }) }),
);
export const anyObject = named('AnyObject', object);
