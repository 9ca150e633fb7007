/** What the API says and takes of records. */
import { z } from 'zod';
import { count, duration, hash, instant, json, named, object, reason, state } from './words.js';

const clock = z.object({
  title: z.string(),
  status: z.enum(['idle', 'running', 'paused', 'stopped']),
  elapsed: duration,
  remaining: duration.nullable(),
  target: duration.nullable(),
  dueAt: instant.nullable(),
  breached: z.boolean(),
  calendar: z.string().nullable(),
  reason: z.string().nullable(),
});

const approval = z.object({
  attempt: count,
  status: z.enum(['open', 'approved', 'refused', 'lapsed', 'cancelled']),
  step: z.string().nullable(),
  steps: z.array(z.object({ name: z.string(), status: z.string(), voters: z.array(z.string()) })),
  votes: z.array(z.object({ voter: z.string(), by: z.string(), choice: z.enum(['approve', 'refuse']), step: z.string(), at: instant })),
  beganAt: instant,
});

export const recordFields = {
  id: z.uuid(),
  number: z.string(),
  process: z.string(),
  title: z.string().nullable(),
  state,
  paths: z.array(z.string()).meta({ description: 'All active states as dotted paths' }),
  status: z.enum(['active', 'done']),
  version: z.number().int().min(1).meta({ description: 'Steps taken; send it back to be told when somebody else was faster' }),
  definitionVersion: hash,
  data: object,
  withheld: z.array(z.string()).meta({ description: 'Fields with a value that this reader may not see' }),
  clocks: z.record(z.string(), clock),
  approvals: z.record(z.string(), approval),
  output: json,
  createdAt: instant,
  createdBy: z.string(),
  updatedAt: instant,
};

export const record = named('Record', z.object(recordFields));
export const recordPage = named('RecordPage', z.object({ items: z.array(record), next: z.string().nullable() }));

export const historyPage = named(
  'HistoryPage',
  z.object({
    items: z.array(
      z.object({
        sequence: z.number().int().min(1),
        at: instant,
        recordedAt: instant,
        actor: z.string(),
        onBehalfOf: z.string().nullable(),
        origin: z.string(),
        event: z.string(),
        title: z.string(),
        data: object,
        from: state.nullable(),
        to: state,
        changes: z.record(z.string(), z.tuple([json, json])).meta({ description: 'Changed fields, each before and after' }),
        definitionVersion: hash,
        hash,
        previousHash: z.string(),
        erased: z.array(z.string()),
      }),
    ),
    next: z.string().nullable(),
  }),
);

const choice = z.object({ value: json, title: z.string(), description: z.string().optional() });

export const transition = named(
  'Transition',
  z.object({
    type: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    available: z.boolean(),
    dependsOn: z.array(z.string()).meta({ description: 'Fields of the form that a guard reads: the answer depends on what is filled in' }),
    reasons: z.array(reason),
    whoCould: z.array(z.string()),
    targets: z.array(z.string()),
    form: z.array(z.object({ field: z.string(), required: z.boolean(), schema: object, value: json, choices: z.array(choice).nullable() })),
  }),
);

export const transitionPage = named('TransitionPage', z.object({ items: z.array(transition) }));

export const newRecord = named('NewRecord', z.strictObject({ process: z.string().max(100), data: object.default({}) }));

export const newEvent = named(
  'NewEvent',
  z.strictObject({
    type: z.string().max(200),
    data: object.default({}),
    version: z.number().int().min(1).optional().meta({ description: 'The version you saw; without it whatever is current' }),
  }),
);
