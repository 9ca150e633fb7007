/** Everything that goes in and out of the API is a schema: bodies are checked by it, the OpenAPI document is made of it, tests hold answers against it. */
import { z } from 'zod';
import type { Json, JsonObject } from '../../../engine/index.js';

/** Schemas with a name of their own in the OpenAPI document. */
export const shapes = z.registry<{ id: string }>();

/** Gives a schema its name in the document. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  shapes.add(schema, { id });
  return schema;
}

export const instant = z.iso.datetime({ offset: true }).meta({ description: 'ISO 8601 with a zone' });
export const duration = z.string().meta({ description: 'ISO 8601 duration; a minus stands before what is overdrawn', examples: ['PT4H', '-PT12M'] });
/** Any JSON: bodies were parsed strictly before they come here. */
export const json = z.unknown() as z.ZodType<Json>;
export const object = z.record(z.string(), json) as z.ZodType<JsonObject>;
export const state = z.union([z.string(), object]).meta({ description: "XState's state value: a key, or an object with one entry a region" });
export const hash = z.string().regex(/^[0-9a-f]{64}$/u);
export const count = z.number().int().min(0);

const fieldProblem = z.object({ field: z.string(), message: z.string() });
const part = z.object({ path: z.string(), value: json, expected: z.string(), holds: z.boolean() });
export const reason = z.object({ rule: z.string(), sentence: z.string(), parts: z.array(part) });

export const definitionProblem = named(
  'DefinitionProblem',
  z.object({
    severity: z.enum(['error', 'warning']),
    file: z.string(),
    pointer: z.string(),
    line: count,
    column: count,
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
  }),
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
      requestId: z.string().meta({ description: 'Also in the header X-Request-Id and in the log' }),
    })
    .meta({ description: 'RFC 9457: what went wrong, where, and how to mend it' }),
);
