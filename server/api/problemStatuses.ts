/** Which problem documents an operation may answer with; the words are those of the contract. */
import type { Operation } from './operation.js';

const words: { readonly [status: number]: string } = {
  400: 'Malformed JSON, query or identifier; forbidden keys; text that is not well-formed',
  401: 'No bearer token, or one that is not valid',
  403: 'Your roles do not allow this',
  404: 'Nothing there, or nothing you may know of',
  409: 'Stale version, event not accepted in this state, or record finished',
  413: 'Too large',
  415: 'A content type that is not accepted here',
  422: 'Understood, but refused: data, event, guard, check, rule, definition, or a key used for another body',
  503: 'Busy or read-only; see Retry-After',
};

export const wordsOfProblem = (status: number): string => words[status] ?? 'Something went wrong';

/** All statuses of problem documents, ascending. */
export function problemStatuses({
  method,
  path,
  body,
  upload,
  problems = [],
  allow,
}: Pick<Operation, 'method' | 'path' | 'body' | 'upload' | 'problems' | 'allow'>): readonly number[] {
  const open = allow.test(null) === 'yes';
  const statuses = new Set([400, 503, ...problems]);
  if (!open) for (const status of [401, 403]) statuses.add(status);
  if (path.includes(':')) statuses.add(404);
  if (method === 'post') statuses.add(422);
  if (body || upload) for (const status of [413, 415]) statuses.add(status);
  return [...statuses].sort((a, b) => a - b);
}
