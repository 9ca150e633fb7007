/** The verbs that change records. Each builds one command and hands it to the one door. */
import { createHash } from 'node:crypto';
import { mayRead, writesNothing } from '../core/access.js';
import { erasedPaths } from '../core/erasure.js';
import { isInternalName } from '../core/internal.js';
import type { CreateRequest, Engine, SendRequest, StepResult } from '../engine.js';
import { EngineError } from '../errors.js';
import type { Actor, Command, JsonObject } from '../types.js';
import { dropAttachment, keepAttachment } from './attachments.js';
import { whatChanged } from './conflict.js';
import { currentProcess, type EngineContext, findRecord, readableRecord } from './context.js';
import { onceOnly } from './idempotency.js';
import { newId } from './ids.js';
import type { StepOptions } from './steps.js';

const COMMENT_LENGTH = 20_000;

type RecordVerbs = Pick<Engine, 'create' | 'send' | 'comment' | 'attach' | 'link' | 'erase' | 'finishImport'>;

export function recordVerbs(context: EngineContext): RecordVerbs {
  return {
    create: (request) =>
      onceOnly(context, { key: request.idempotency, actor: request.actor }, (options) => context.steps.run(createCommand(context, request), options)),
    send: (request) => send(context, request),
    comment: (request) => comment(context, request),
    attach: (request) => attach(context, request),
    link: (request) => link(context, request),
    erase: (request) => erase(context, request),
    finishImport: async ({ record, actor, at }) => internal(context, { record, actor, type: 'imported', data: {}, at, origin: 'import' }),
  };
}

function createCommand({ library, clock }: EngineContext, request: CreateRequest): Command {
  library.current(request.process);
  const now = clock.now();
  const at = request.at ?? now;
  return {
    kind: 'create',
    process: request.process,
    record: newId(at),
    type: 'create',
    data: request.data,
    actor: request.actor,
    origin: request.origin ?? 'person',
    internal: false,
    at,
    recordedAt: now,
    ...(request.onBehalfOf ? { onBehalfOf: request.onBehalfOf } : {}),
  };
}

async function send(context: EngineContext, request: SendRequest): Promise<StepResult> {
  if (isInternalName(request.type)) throw new EngineError('EVENT_INTERNAL', { event: request.type });
  const record = await recordId(context, request.record);
  const now = context.clock.now();
  const command: Command = {
    kind: 'event',
    record,
    type: request.type,
    data: request.data,
    actor: request.actor,
    origin: request.origin ?? 'person',
    internal: false,
    at: request.at ?? now,
    recordedAt: now,
    ...(request.onBehalfOf ? { onBehalfOf: request.onBehalfOf } : {}),
    ...(request.version !== undefined ? { expectedVersion: request.version } : {}),
  };
  try {
    return await onceOnly(context, { key: request.idempotency, actor: request.actor }, (options) =>
      context.steps.run(command, { ...options, allow: readableBy(context, request.actor, request.record) }),
    );
  } catch (error) {
    throw error instanceof EngineError && error.code === 'VERSION_STALE' && request.version !== undefined
      ? await whatChanged(context, { record, since: request.version, actor: request.actor })
      : error;
  }
}

/** An id is taken as it is; a number is looked up. */
async function recordId(context: EngineContext, idOrNumber: string): Promise<string> {
  return context.latest.get(idOrNumber)?.id ?? context.latest.idOf(idOrNumber) ?? (await findRecord(context, idOrNumber)).record.id;
}

function readableBy(context: EngineContext, actor: Actor, asked: string): NonNullable<StepOptions['allow']> {
  return (record, program) => {
    if (!mayRead(currentProcess(context, program), actor, record)) throw new EngineError('RECORD_NOT_FOUND', { record: asked });
  };
}

async function comment(context: EngineContext, request: Parameters<Engine['comment']>[0]): Promise<StepResult> {
  const { actor } = request;
  const text = request.text.trim();
  if (text === '' || text.length > COMMENT_LENGTH || text.includes('\u0000') || !text.isWellFormed()) {
    throw new EngineError('DATA_INVALID', {
      fields: [
        {
          field: 'text',
          message: text === '' ? 'Please write something.' : `A comment may have at most ${COMMENT_LENGTH} characters, none of them unprintable.`,
        },
      ],
    });
  }
  const { row, program } = await readableRecord(context, request.record, actor);
  const { comments } = currentProcess(context, program);
  if (writesNothing(actor) || (comments?.roles && !comments.roles.some((role) => actor.roles.includes(role))))
    throw new EngineError('ROLE_REFUSED', { event: 'record.comment', needed: comments?.roles ?? [] });
  const isInternal = request.internal === true;
  if (isInternal && comments?.internal && !comments.internal.some((role) => actor.roles.includes(role)))
    throw new EngineError('ROLE_REFUSED', { event: 'record.comment', needed: comments.internal });
  const at = request.at ?? context.clock.now();
  const requester = program.process.columns?.requester;
  const byRequester = actor.id === row.record.createdBy || (requester !== undefined && row.record.data[requester] === actor.id);
  const id = newId(at);
  return onceOnly(context, { key: request.idempotency, actor }, (options) =>
    context.steps.run(
      internalCommand(context, {
        record: row.record.id,
        actor,
        type: 'record.comment',
        data: { id, text, internal: isInternal, byRequester },
        at,
        origin: request.origin ?? 'person',
      }),
      {
        ...options,
        allow: readableBy(context, actor, request.record),
        comment: (sequence) => ({ id, record: row.record.id, sequence, author: actor.id, at, internal: isInternal, text }),
      },
    ),
  );
}

async function attach(context: EngineContext, request: Parameters<Engine['attach']>[0]): Promise<StepResult> {
  const { actor } = request;
  const { row } = await readableRecord(context, request.record, actor);
  if (writesNothing(actor)) throw new EngineError('ROLE_REFUSED', { event: 'record.attachment', needed: [] });
  const at = context.clock.now();
  const id = newId(at);
  const sha256 = createHash('sha256').update(request.content).digest('hex');
  return onceOnly(context, { key: request.idempotency, actor }, async (options) => {
    // Written only once the key is known to be new, and removed again when the step is not taken.
    const { name, type } = await keepAttachment(context.attachmentsDir, id, request);
    const file = { id, name, type, size: request.content.byteLength, sha256 };
    const command = internalCommand(context, { record: row.record.id, actor, type: 'record.attachment', data: file, at, origin: 'person' });
    const attachment = (sequence: number) => ({ ...file, record: row.record.id, sequence, author: actor.id, at });
    try {
      return await context.steps.run(command, { ...options, allow: readableBy(context, actor, request.record), attachment });
    } catch (error) {
      if (!(await mayBeNamed(context, id))) await dropAttachment(context.attachmentsDir, id);
      throw error;
    }
  });
}

/** A step whose answer was lost with the database may have been taken all the same. What can not be asked may be so: a file too many harms nobody. */
function mayBeNamed({ store }: EngineContext, attachment: string): Promise<boolean> {
  return store.records.attachment(attachment).then(
    (row) => row !== null,
    () => true,
  );
}

async function link(context: EngineContext, request: Parameters<Engine['link']>[0]): Promise<StepResult> {
  const { actor } = request;
  const { row } = await readableRecord(context, request.record, actor);
  if (writesNothing(actor)) throw new EngineError('ROLE_REFUSED', { event: 'record.link', needed: [] });
  // A record the actor may not see is refused in the same words as one that does not exist.
  const target = await readableRecord(context, request.to, actor).catch((error: unknown) => {
    if (error instanceof EngineError && error.code === 'RECORD_NOT_FOUND')
      throw new EngineError('LINK_REFUSED', { link: request.name, to: request.to, reason: 'there is no such record that may be linked' });
    throw error;
  });
  if (target.row.record.id === row.record.id)
    throw new EngineError('LINK_REFUSED', { link: request.name, to: request.to, reason: 'a record cannot be linked to itself' });
  const type = request.remove ? 'record.unlink' : 'record.link';
  const command = internalCommand(context, {
    record: row.record.id,
    actor,
    type,
    data: { name: request.name, to: target.row.record.id, number: target.row.record.number },
    at: context.clock.now(),
    origin: 'person',
  });
  return onceOnly(context, { key: request.idempotency, actor }, (options) =>
    context.steps.run(command, { ...options, allow: readableBy(context, actor, request.record) }),
  );
}

/** Removes values of personal data everywhere: from the record, and with their salts from its history. */
async function erase(context: EngineContext, request: Parameters<Engine['erase']>[0]): Promise<StepResult> {
  const { actor } = request;
  if (!actor.roles.includes('administrator')) throw new EngineError('ROLE_REFUSED', { event: 'erased', needed: ['administrator'] });
  const { row, program } = await readableRecord(context, request.record, actor);
  const unknown = request.fields.filter((field) => !program.fields.has(field) && field !== 'comments');
  if (unknown.length > 0 || request.fields.length === 0)
    throw new EngineError('DATA_INVALID', {
      fields: (unknown.length ? unknown : ['fields']).map((field) => ({ field, message: 'There is no such field to erase.' })),
    });
  const result = await internal(context, {
    record: row.record.id,
    actor,
    type: 'erased',
    data: { fields: request.fields, reason: request.reason },
    at: context.clock.now(),
    origin: 'person',
  });
  await context.store.history.erase(row.record.id, erasedPaths(request.fields), result.entry.sequence);
  return result;
}

interface InternalRequest {
  readonly record: string;
  readonly actor: Actor;
  readonly type: string;
  readonly data: JsonObject;
  readonly at: number;
  readonly origin: Command['origin'];
}

function internalCommand({ clock }: EngineContext, request: InternalRequest): Command {
  return { kind: 'event', ...request, internal: true, recordedAt: clock.now() };
}

async function internal(context: EngineContext, request: InternalRequest): Promise<StepResult> {
  const record = await recordId(context, request.record);
  return onceOnly(context, { key: undefined, actor: request.actor }, () => context.steps.run(internalCommand(context, { ...request, record })));
}
