/** Everything that goes in and out of the API, as schemas: bodies are checked by them, the OpenAPI document is made of them, tests hold answers against them. */
import { z } from 'zod';
import type { Json, JsonObject } from '../../engine/index.js';

/** Schemas with a name of their own in the OpenAPI document. */
export const shapes = z.registry<{ id: string }>();

function named<T extends z.ZodType>(id: string, schema: T): T {
  shapes.add(schema, { id });
  return schema;
}

const instant = z.iso.datetime({ offset: true }).meta({ description: 'ISO 8601 with a zone' });
const duration = z.string().meta({ description: 'ISO 8601 duration; a minus stands before what is overdrawn', examples: ['PT4H', '-PT12M'] });
/** Any JSON: bodies were parsed strictly before they come here. */
const json = z.unknown() as z.ZodType<Json>;
const object = z.record(z.string(), json) as z.ZodType<JsonObject>;
const state = z.union([z.string(), object]).meta({ description: "XState's state value: a key, or an object with one entry a region" });
const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const count = z.number().int().min(0);

const fieldProblem = z.object({ field: z.string(), message: z.string() });
const part = z.object({ path: z.string(), value: json, expected: z.string(), holds: z.boolean() });
const reason = z.object({ rule: z.string(), sentence: z.string(), parts: z.array(part) });

export const definitionProblem = named(
  'DefinitionProblem',
  z.object({ severity: z.enum(['error', 'warning']), file: z.string(), pointer: z.string(), line: count, column: count, code: z.string(), message: z.string(), remedy: z.string() }),
);

export const problemShape = named(
  'Problem',
  z
    .looseObject({
      type: z.string(),
      title: z.string(),
      status: z.number().int(),
      detail: z.string(),
      code: z.string(),
      facts: object,
      remedy: z.string(),
      errors: z.array(fieldProblem).optional(),
      reasons: z.array(z.looseObject({ rule: z.string(), sentence: z.string() })).optional(),
      problems: z.array(definitionProblem).optional(),
    })
    .meta({ description: 'RFC 9457: what went wrong, where, and how to mend it' }),
);

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

const transition = named(
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
  z.strictObject({ type: z.string().max(200), data: object.default({}), version: z.number().int().min(1).optional().meta({ description: 'The version you saw; without it whatever is current' }) }),
);

const comment = z.object({ id: z.uuid(), sequence: count, author: z.string(), at: instant, internal: z.boolean(), text: z.string() });
export const newComment = named('NewComment', z.strictObject({ text: z.string(), internal: z.boolean().default(false) }));
export const commentPage = named('CommentPage', z.object({ items: z.array(comment) }));
export const commented = named('Commented', z.object({ ...recordFields, comment }));

const attachment = z.object({ id: z.uuid(), sequence: count, author: z.string(), at: instant, name: z.string(), type: z.string(), size: count, sha256: hash, href: z.string() });
export const attachmentPage = named('AttachmentPage', z.object({ items: z.array(attachment) }));
export const attached = named('Attached', z.object({ ...recordFields, attachment }));

const otherRecord = z.object({ id: z.uuid(), number: z.string(), process: z.string(), title: z.string(), paths: z.array(z.string()), status: z.string() });
export const linkPage = named('LinkPage', z.object({ items: z.array(z.object({ name: z.string(), title: z.string(), direction: z.enum(['out', 'in']), record: otherRecord })) }));
export const newLink = named(
  'NewLink',
  z.strictObject({ name: z.string().max(100), to: z.string().max(64).meta({ description: 'Id or number of the other record' }), remove: z.boolean().default(false) }),
);

const summary = {
  key: z.string(),
  title: z.string(),
  plural: z.string(),
  description: z.string(),
  group: z.string(),
  owner: z.string().nullable(),
  prefix: z.string(),
  clauses: z.object({ '2018': z.array(z.string()), '2011': z.array(z.string()) }),
  version: hash,
  activatedAt: instant,
  mayCreate: z.boolean(),
  mayRead: z.boolean(),
};
export const processPage = named('ProcessPage', z.object({ items: z.array(z.object(summary)) }));
export const processDetail = named(
  'Process',
  z.object({
    ...summary,
    states: z.array(z.object({ path: z.string(), title: z.string(), type: z.string(), depth: count, description: z.string().nullable() })),
    events: z.array(z.object({ type: z.string(), title: z.string() })),
    form: object.meta({ description: "The record's fields as one JSON Schema" }),
    create: transition.meta({ description: 'What is asked for a new record, and whether you may make one' }),
  }),
);

const activation = z.object({ at: instant, by: z.string(), note: z.string(), source: z.string() });
export const versionPage = named(
  'VersionPage',
  z.object({
    items: z.array(
      z.object({ version: hash, current: z.boolean(), publishedAt: instant, publishedBy: z.string(), note: z.string(), source: z.string(), records: count.nullable(), activations: z.array(activation) }),
    ),
  }),
);
export const versionDetail = named('Version', z.object({ version: hash, process: z.string(), files: object, policy: object }));

/** Names of the files of a process folder, as the published schemas name them. */
const files = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,60}$/u), z.union([z.string(), object]))
  .meta({ description: 'Each file by its name, as an object or as JSON text; only statechart.json must be there', example: { 'statechart.json': { initial: 'open', states: { open: {} } } } });
export const filesToCheck = named('FilesToCheck', z.strictObject({ files, note: z.string().max(2000).optional() }));
export const filesToPublish = named('FilesToPublish', z.strictObject({ files, note: z.string().max(2000).default('') }));

const checkedProcess = z.object({ key: z.string(), states: count, transitions: count, coveredTransitions: count, exploredStates: count });
export const checkReport = named('CheckReport', z.object({ problems: z.array(definitionProblem), processes: z.array(checkedProcess) }));
export const published = named('Published', z.object({ process: z.string(), version: hash, created: z.boolean(), problems: z.array(definitionProblem) }));
export const folderReport = named(
  'FolderReport',
  z.object({ readAt: instant.nullable(), problems: z.array(definitionProblem), waiting: z.array(z.object({ process: z.string(), version: hash })) }),
);

export const clockReading = named('Clock', z.object({ now: instant }));
export const clockChange = named(
  'ClockChange',
  z.union([z.strictObject({ set: z.string().meta({ format: 'date-time' }) }), z.strictObject({ advance: z.string().meta({ examples: ['PT4H'], format: 'duration' }) })]),
);

export const health = named('Health', z.object({ status: z.enum(['ok']) }));
export const anyObject = named('AnyObject', object);
