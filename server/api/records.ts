/** Records: make, list, read; what can be done with one; events. */
import { z } from 'zod';
import { EngineError, type RecordQuery } from '../../engine/index.js';
import { signedIn } from '../web/route.js';
import { type Call, type Operation, operation } from './operation.js';
import { cursor, direction, instant, limit, text, yes } from './parameters.js';
import { historyJson, recordJson, transitionJson } from './present.js';
import { historyPage, newEvent, newRecord, record, recordPage, transitionPage } from './shapes/records.js';

const statePath = /^[^\s.]{1,100}(?:\.[^\s.]{1,100}){0,15}$/u;

const listQuery = z.strictObject({
  process: text('Key of a process', 100),
  state: z
    .string()
    .regex(statePath, 'It must be a dotted path of states.')
    .optional()
    .meta({ description: 'Every configuration that contains this path', examples: ['active.working'] }),
  status: z.enum(['active', 'done'], 'It must be active or done.').optional(),
  q: text('Words to find'),
  assignee: text('User id'),
  unassigned: yes('Only records without an assignee'),
  team: text('Team id'),
  priority: text('Priority'),
  requester: text('User id'),
  service: text('Service'),
  linkedTo: text('Id of a record', 64),
  dueBefore: instant('Due before this instant'),
  createdFrom: instant('Created at or after'),
  createdTo: instant('Created before'),
  sort: z.enum(['created', 'updated', 'due', 'priority', 'title', 'number'], 'It must be created, updated, due, priority, title or number.').default('created'),
  direction: direction('desc'),
  limit,
  cursor,
});

/** A process the reader may not know of is answered like one that does not exist. */
async function refuseUnknown({ engine, actor }: Call<unknown, unknown>, process: string): Promise<void> {
  const known = await engine.processes(actor);
  if (!known.some((one) => one.key === process)) throw new EngineError('PROCESS_NOT_FOUND', { process });
}

async function list(call: Call<z.output<typeof listQuery>, unknown>) {
  const { process, ...rest } = call.query;
  if (process !== undefined) await refuseUnknown(call, process);
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== '')) as unknown as Omit<RecordQuery, 'scope'>;
  const page = await call.engine.list({ ...given, ...(process === undefined ? {} : { processes: [process] }) }, call.actor);
  return { status: 200, body: { items: page.items.map(recordJson), next: page.next } };
}

async function create(call: Call<unknown, z.output<typeof newRecord>>) {
  const { process, data } = call.body;
  await refuseUnknown(call, process);
  const { record: made } = await call.engine.create({ process, data, actor: call.actor, origin: 'api', ...call.once });
  return { status: 201, body: recordJson(made), headers: { Location: `/api/v1/records/${made.id}` } };
}

async function send(call: Call<unknown, z.output<typeof newEvent>>) {
  const { type, data, version } = call.body;
  const { record: moved } = await call.engine.send({
    record: call.param('record'),
    type,
    data,
    actor: call.actor,
    origin: 'api',
    ...(version === undefined ? {} : { version }),
    ...call.once,
  });
  return { status: 200, body: recordJson(moved) };
}

const about = { tag: 'Records', allow: signedIn } as const;

function oneRecordOperations(): readonly Operation[] {
  return [
    operation({
      ...about,
      name: 'readRecord',
      method: 'get',
      path: '/api/v1/records/:record',
      summary: 'One record, by id or number',
      answers: { 200: { description: 'The record', shape: record } },
      handle: async (call) => ({ status: 200, body: recordJson(await call.engine.record(call.param('record'), call.actor)) }),
    }),
    operation({
      ...about,
      name: 'listTransitions',
      method: 'get',
      path: '/api/v1/records/:record/transitions',
      summary: 'What can be done now, and why the rest can not',
      answers: { 200: { description: 'Every event the present state declares', shape: transitionPage } },
      handle: async (call) => ({ status: 200, body: { items: (await call.engine.transitions(call.param('record'), call.actor)).map(transitionJson) } }),
    }),
    operation({
      ...about,
      name: 'sendEvent',
      method: 'post',
      path: '/api/v1/records/:record/events',
      summary: 'Send an event',
      body: newEvent,
      repeat: 'step',
      problems: [409],
      answers: { 200: { description: 'The record after the step', shape: record } },
      handle: send,
    }),
    operation({
      ...about,
      name: 'readHistory',
      method: 'get',
      path: '/api/v1/records/:record/history',
      summary: 'Every step the record took',
      query: z.strictObject({ limit, cursor, direction: direction('asc') }),
      answers: { 200: { description: 'A page', shape: historyPage } },
      handle: async (call) => {
        const { cursor: from, ...page } = call.query;
        const { items, next } = await call.engine.history(call.param('record'), call.actor, { ...page, ...(from === undefined ? {} : { cursor: from }) });
        return { status: 200, body: { items: items.map(historyJson), next } };
      },
    }),
  ];
}

export function recordOperations(): readonly Operation[] {
  return [
    operation({
      ...about,
      name: 'listRecords',
      method: 'get',
      path: '/api/v1/records',
      summary: 'Records you may see, newest first',
      query: listQuery,
      problems: [404],
      answers: { 200: { description: 'A page', shape: recordPage } },
      handle: list,
    }),
    operation({
      ...about,
      name: 'createRecord',
      method: 'post',
      path: '/api/v1/records',
      summary: 'Make a record',
      body: newRecord,
      repeat: 'step',
      problems: [404],
      answers: { 201: { description: 'The new record', shape: record } },
      handle: create,
    }),
    ...oneRecordOperations(),
  ];
}
