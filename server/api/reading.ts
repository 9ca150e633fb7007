/** Query and body, checked by their schemas before anything else sees them. */
import { z } from 'zod';
import { EngineError, type FieldProblem } from '../../engine/index.js';
import { isWellFormed } from '../web/formBody.js';
import { readJson } from '../web/json.js';
import type { Visit } from '../web/visit.js';

const none = z.strictObject({});

/** @throws EngineError QUERY_INVALID naming the first parameter that is unknown, repeated or wrong. */
export function readQuery(visit: Visit, schema: z.ZodObject = none): unknown {
  const given = { ...(visit.request.query as Record<string, unknown>) };
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw new EngineError('QUERY_INVALID', { parameter: name, reason: 'It is given more than once.' });
    if (!isWellFormed(value) || value.includes('\u0000') || value.includes('\ufffd'))
      throw new EngineError('QUERY_INVALID', { parameter: name, reason: 'It is not well-formed text.' });
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys')
    throw new EngineError('QUERY_INVALID', {
      parameter: issue.keys[0],
      reason: `There is no such parameter. Known are: ${Object.keys(schema.shape).join(', ') || 'none'}.`,
    });
  throw new EngineError('QUERY_INVALID', { parameter: String(issue?.path[0] ?? ''), reason: issue?.message ?? 'It is not valid.' });
}

/**
 * The checked JSON body; undefined where none is expected (or a file is).
 * @throws EngineError MALFORMED, WRONG_TYPE, or DATA_INVALID naming every member that is unknown, missing or wrong.
 */
export function readBody(visit: Visit, schema: z.ZodType | undefined): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(readJson(visit));
  if (parsed.success) return parsed.data;
  throw new EngineError('DATA_INVALID', { fields: parsed.error.issues.flatMap(problemsOf) });
}

function problemsOf(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ field: [...at, key].join('.'), message: 'This is not asked for here.' }));
  if (issue.code === 'invalid_union')
    return issue.errors.length === 0 ? [] : [{ field: at.join('.'), message: 'This has none of the forms that are possible here.' }];
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ field: at.join('.'), message: missing ? 'This is missing, or of another type than expected.' : issue.message }];
}
