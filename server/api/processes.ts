/** Processes and their versions; checking and publishing definitions. */
import { z } from 'zod';
import { EngineError } from '../../engine/index.js';
import { holds, signedIn } from '../web/route.js';
import { type Answer, type Call, type Operation, operation } from './operation.js';
import { instant, lastInstant } from './parameters.js';
import { isoInstant, summaryJson, transitionJson, versionJson } from './present.js';
import {
  checkReport,
  figurePage,
  filesToCheck,
  filesToPublish,
  folderReport,
  processDetail,
  processPage,
  published,
  versionDetail,
  versionPage,
} from './shapes/processes.js';

/** A folder has few files of at most 1 MiB each. */
const FILES_LIMIT = 8 * 1024 * 1024;
const processKey = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u;
const readers = ['process-owner', 'administrator', 'auditor'] as const;

function keyOf({ param }: Pick<Call<unknown, unknown>, 'param'>): string {
  const key = param('key');
  if (key.length > 40 || !processKey.test(key))
    throw new EngineError('QUERY_INVALID', { parameter: 'key', reason: 'A process key is made of lower-case letters, digits and single hyphens.' });
  return key;
}

/** Files as texts; one given as an object is written out as people would write it. */
function textsOf(files: z.output<typeof filesToCheck>['files']): { readonly [file: string]: string } {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`]),
  );
}

async function describe({ engine, actor, param }: Call<unknown, unknown>): Promise<Answer> {
  const { summary, states, events, form } = await engine.definition(param('key'), actor);
  const create = transitionJson(await engine.creation(summary.key, actor));
  return { status: 200, body: { ...summaryJson(summary), states, events, form, create } };
}

async function figures({ engine, actor, query, param }: Call<{ from?: number | undefined; to?: number | undefined }, unknown>): Promise<Answer> {
  // Asked first because it refuses those who may not know of the process.
  await engine.definition(param('key'), actor);
  const { from, to } = query;
  const found = await engine.kpis({ process: param('key'), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, actor);
  const at = (moment: number | null): string | null => (moment === null ? null : isoInstant(moment));
  return { status: 200, body: { process: found.process, from: at(found.from), to: at(found.to), records: found.records, items: found.figures } };
}

async function versions({ engine, actor, param }: Call<unknown, unknown>): Promise<Answer> {
  // Asked first because it refuses those who may not know of the process.
  await engine.definition(param('key'), actor);
  return { status: 200, body: { items: (await engine.versions(param('key'), actor)).map(versionJson) } };
}

async function version({ engine, actor, param }: Call<unknown, unknown>): Promise<Answer> {
  const { hash, summary, files, policy } = await engine.definition(param('key'), actor, param('version'));
  return { status: 200, body: { version: hash, process: summary.key, files, policy } };
}

async function check(call: Call<unknown, z.output<typeof filesToCheck>>): Promise<Answer> {
  return { status: 200, body: await call.engine.check(keyOf(call), textsOf(call.body.files)) };
}

async function publish(call: Call<unknown, z.output<typeof filesToPublish>>): Promise<Answer> {
  const process = keyOf(call);
  const { hash, created, problems } = await call.engine.publish({
    process,
    files: textsOf(call.body.files),
    note: call.body.note,
    actor: call.actor,
    source: 'api',
  });
  return { status: created ? 201 : 200, body: { process, version: hash, created, problems } };
}

/** Faults of the folders; those who may not read every process see those of the processes they may know of. */
async function problems({ engine, actor }: Call<unknown, unknown>): Promise<Answer> {
  const { readAt, problems: found, waiting } = engine.folderProblems();
  const all = actor.roles.some((role) => readers.some((reader) => reader === role));
  const known = new Set((await engine.processes(actor)).map(({ key }) => key));
  const visible = (process: string): boolean => all || known.has(process);
  return {
    status: 200,
    body: {
      readAt: readAt === 0 ? null : isoInstant(readAt),
      problems: found.filter(({ file }) => visible(file.split('/')[0] ?? '')),
      waiting: waiting.filter(({ process }) => visible(process)).map(({ process, hash }) => ({ process, version: hash })),
    },
  };
}

const about = { tag: 'Processes', allow: signedIn } as const;
const path = '/api/v1/processes';

function readingOperations(): readonly Operation[] {
  return [
    operation({
      ...about,
      name: 'listProcesses',
      method: 'get',
      path,
      summary: 'Processes you may know of',
      answers: { 200: { description: 'All of them', shape: processPage } },
      handle: async ({ engine, actor }) => ({ status: 200, body: { items: (await engine.processes(actor)).map(summaryJson) } }),
    }),
    operation({
      ...about,
      name: 'readProcess',
      method: 'get',
      path: `${path}/:key`,
      summary: 'A process as it is in force',
      answers: { 200: { description: 'Its states, events and fields', shape: processDetail } },
      handle: describe,
    }),
    operation({
      ...about,
      name: 'readFigures',
      method: 'get',
      path: `${path}/:key/kpis`,
      summary: 'Its figures, worked out from all records opened in a period',
      query: z.strictObject({ from: instant('Opened from here on'), to: lastInstant('Opened before; of a day all of it counts') }),
      answers: { 200: { description: 'Each figure with its value, whether its target is met, and how it went by month', shape: figurePage } },
      problems: [403],
      handle: figures,
    }),
    operation({
      ...about,
      name: 'listVersions',
      method: 'get',
      path: `${path}/:key/versions`,
      summary: 'Its published versions',
      answers: { 200: { description: 'All of them', shape: versionPage } },
      handle: versions,
    }),
    operation({
      ...about,
      name: 'readVersion',
      method: 'get',
      path: `${path}/:key/versions/:version`,
      summary: 'The files of a version',
      answers: { 200: { description: 'Its files and the policy files it uses', shape: versionDetail } },
      handle: version,
    }),
    operation({
      ...about,
      name: 'readProblems',
      method: 'get',
      path: '/api/v1/problems',
      summary: 'What the last reading of the folders found',
      answers: { 200: { description: 'Problems, and versions that wait', shape: folderReport } },
      handle: problems,
    }),
  ];
}

export function processOperations(): readonly Operation[] {
  return [
    ...readingOperations(),
    operation({
      ...about,
      allow: holds(...readers),
      name: 'checkDefinition',
      method: 'post',
      path: `${path}/:key/check`,
      summary: 'Check files without publishing them',
      body: filesToCheck,
      limit: FILES_LIMIT,
      repeat: 'answer',
      answers: { 200: { description: 'Every problem at once', shape: checkReport } },
      handle: check,
    }),
    operation({
      ...about,
      allow: holds('process-owner', 'administrator'),
      name: 'publishVersion',
      method: 'post',
      path: `${path}/:key/versions`,
      summary: 'Publish a version and put it in force; an unknown key makes a new process',
      body: filesToPublish,
      limit: FILES_LIMIT,
      repeat: 'answer',
      answers: {
        200: { description: 'This content was known; the version it has', shape: published },
        201: { description: 'The new version', shape: published },
      },
      handle: publish,
    }),
  ];
}
