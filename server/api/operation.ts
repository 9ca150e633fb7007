/**
 * One table feeds everything: an operation is a route, the check of what it is sent, its idempotency, and its part of the OpenAPI document.
 */
import type { z } from 'zod';
import type { Actor, CreateRequest, Json, RunningEngine } from '../../engine/index.js';
import type { Allow, Route } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { type IdempotencyRequest, idempotencyOf } from './idempotency.js';
import { readBody, readQuery } from './reading.js';

export interface Answer {
  readonly status: number;
  /** JSON, or bytes or text with a `type` of their own. */
  readonly body: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call<Query, Body> {
  readonly visit: Visit;
  readonly engine: RunningEngine;
  readonly actor: Actor;
  readonly query: Query;
  readonly body: Body;
  /** What the engine keeps with the step, so that a repeat gets the first answer. */
  readonly once: { readonly idempotency?: NonNullable<CreateRequest['idempotency']> };
  param(name: string): string;
}

/** What an answer holds, for the document. */
export interface DescribedAnswer {
  readonly description: string;
  readonly shape?: z.ZodType;
  /** Media type other than JSON. */
  readonly type?: string;
}

interface Specification<Query extends z.ZodObject, Body extends z.ZodType> {
  /** Of the operation in the document. */
  readonly name: string;
  readonly method: 'get' | 'post';
  /** As Express has it: `/api/v1/records/:record`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly allow: Allow;
  readonly query?: Query;
  readonly body?: Body;
  /** Bytes of an uploaded file that are taken; makes the body multipart. */
  readonly upload?: number;
  /** Largest body in bytes; default 1 MiB. */
  readonly limit?: number;
  /**
   * How a repeated key is answered: `step` when the handler hands `once` to the engine, `answer` when the whole answer is kept here.
   * Mandatory for POST.
   */
  readonly repeat?: 'step' | 'answer';
  readonly answers: { readonly [status: number]: DescribedAnswer };
  /** Statuses of problem documents it may answer with, beyond those all have. */
  readonly problems?: readonly number[];
  readonly handle: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Answer> | Answer;
}

/** An operation whose types of query and body no longer matter. */
export interface Operation extends Omit<Specification<z.ZodObject, z.ZodType>, 'handle'> {
  readonly route: Route;
}

const LIMIT = 1024 * 1024;

export function operation<Query extends z.ZodObject, Body extends z.ZodType>(specification: Specification<Query, Body>): Operation {
  const { method, path, allow, upload } = specification;
  const handle = async (visit: Visit): Promise<void> => send(visit, await run(specification, visit));
  const route: Route = { kind: 'api', method, path, allow, limit: specification.limit ?? LIMIT, ...(upload === undefined ? {} : { upload }), handle };
  return { ...(specification as unknown as Omit<Operation, 'route'>), route };
}

async function run<Query extends z.ZodObject, Body extends z.ZodType>(specification: Specification<Query, Body>, visit: Visit): Promise<Answer> {
  const query = readQuery(visit, specification.query);
  const body = readBody(visit, specification.body);
  const request = specification.method === 'post' ? idempotencyOf(visit, body) : undefined;
  const { engine } = visit.services;
  const call: Call<z.output<Query>, z.output<Body>> = {
    visit,
    engine,
    get actor() {
      return visit.actor;
    },
    query: query as z.output<Query>,
    body: body as z.output<Body>,
    once: request ? { idempotency: request } : {},
    param: (name) => visit.param(name),
  };
  return specification.repeat === 'answer' && request ? kept(engine, request, async () => specification.handle(call)) : specification.handle(call);
}

/** For what is no step of a record: the answer itself is kept under the key. */
async function kept(engine: RunningEngine, request: IdempotencyRequest, work: () => Promise<Answer>): Promise<Answer> {
  return (await engine.once(request, async () => (await work()) as unknown as Json)) as unknown as Answer;
}

/** Private unless a handler says otherwise; what is not JSON is never rendered by a browser. */
function send({ response }: Visit, { status, body, type, headers }: Answer): void {
  response.status(status).setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  response.type(type ?? 'application/json').send(type === undefined ? JSON.stringify(body) : body);
}
