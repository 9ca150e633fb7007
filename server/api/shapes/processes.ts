/** What the API says and takes of processes and their versions. */
import { z } from 'zod';
import { transition } from './records.js';
import { count, definitionProblem, hash, instant, named, object } from './words.js';

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
  readsAll: z.boolean().meta({ description: 'Whether you may read every record, and so its figures' }),
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

const measured = { value: z.number().nullable(), met: z.boolean().nullable(), count };
export const figurePage = named(
  'Figures',
  z.object({
    process: z.string(),
    from: instant.nullable(),
    to: instant.nullable().meta({ description: 'Not included' }),
    records: count,
    items: z.array(
      z.object({
        kpi: z.string(),
        title: z.string(),
        description: z.string().nullable(),
        unit: z.string().nullable(),
        target: z.number().nullable(),
        direction: z.enum(['up', 'down']).nullable(),
        ...measured,
        failed: count.meta({ description: 'Records left out because a rule could not be worked out for them' }),
        months: z.array(z.object({ month: z.string().regex(/^\d{4}-\d{2}$/u), ...measured })),
      }),
    ),
  }),
);

const activation = z.object({ at: instant, by: z.string(), note: z.string(), source: z.string() });
export const versionPage = named(
  'VersionPage',
  z.object({
    items: z.array(
      z.object({
        version: hash,
        current: z.boolean(),
        publishedAt: instant,
        publishedBy: z.string(),
        note: z.string(),
        source: z.string(),
        records: count.nullable(),
        activations: z.array(activation),
      }),
    ),
  }),
);
export const versionDetail = named('Version', z.object({ version: hash, process: z.string(), files: object, policy: object }));

/** Names of the files of a process folder, as the published schemas name them. */
const files = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,60}$/u), z.union([z.string(), object])).meta({
  description: 'Each file by its name, as an object or as JSON text; only statechart.json must be there',
  example: { 'statechart.json': { initial: 'open', states: { open: {} } } },
});
export const filesToCheck = named('FilesToCheck', z.strictObject({ files, note: z.string().max(2000).optional() }));
export const filesToPublish = named('FilesToPublish', z.strictObject({ files, note: z.string().max(2000).default('') }));

const checkedProcess = z.object({
  key: z.string(),
  states: count,
  transitions: count,
  coveredTransitions: count,
  exploredStates: count,
  exploredSituations: count,
  exploredFully: z.boolean(),
});
export const checkReport = named('CheckReport', z.object({ problems: z.array(definitionProblem), processes: z.array(checkedProcess) }));
export const published = named('Published', z.object({ process: z.string(), version: hash, created: z.boolean(), problems: z.array(definitionProblem) }));
export const folderReport = named(
  'FolderReport',
  z.object({ readAt: instant.nullable(), problems: z.array(definitionProblem), waiting: z.array(z.object({ process: z.string(), version: hash })) }),
);
