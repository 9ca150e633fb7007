/** Comments and attachments stand in tables of their own, for reading; what they say must be what the history says. */
import { createHash } from 'node:crypto';
import type { VerifyProblem } from '../engine.js';
import { readAttachment } from '../runtime/attachments.js';
import type { EngineContext } from '../runtime/context.js';
import type { OpenedEntry } from '../runtime/views.js';
import type { AttachmentRow, CommentRow, StoredEntry } from '../store/types.js';
import type { Json, JsonObject } from '../types.js';

/** What an entry says was written or attached. Parts that were erased are left out; an erased comment is empty. */
export interface Filed {
  readonly kind: 'comment' | 'attachment';
  readonly sequence: number;
  readonly says: JsonObject;
}

interface FiledRow {
  readonly kind: Filed['kind'];
  readonly row: CommentRow | AttachmentRow;
}

export function filedBy(stored: StoredEntry, { data }: OpenedEntry): readonly Filed[] {
  const { sequence, actor, at } = stored;
  const says = (names: readonly string[]): JsonObject => ({ ...only(data, names), author: actor, at });
  if (stored.event === 'record.comment') return [{ kind: 'comment', sequence, says: { ...says(['id', 'internal']), text: data.text ?? '' } }];
  if (stored.event === 'record.attachment') return [{ kind: 'attachment', sequence, says: says(['id', 'name', 'type', 'size', 'sha256']) }];
  return [];
}

function only(data: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name): [string, Json][] => (data[name] === undefined ? [] : [[name, data[name]]])));
}

export async function filedRows({ store }: EngineContext, record: string): Promise<readonly FiledRow[]> {
  const [comments, attachments] = await Promise.all([store.records.comments(record), store.records.attachments(record)]);
  return [...comments.map((row): FiledRow => ({ kind: 'comment', row })), ...attachments.map((row): FiledRow => ({ kind: 'attachment', row }))];
}

/** Holds the rows against the entries walked, which end at `walked`; rows that came since, up to `latest`, are left alone. */
export function filedProblems(
  rows: readonly FiledRow[],
  filed: readonly Filed[],
  { record, walked, latest }: { record: string; walked: number; latest: number },
): readonly VerifyProblem[] {
  const expected = new Map(filed.map((each) => [`${each.kind} ${each.sequence}`, each]));
  const problems: VerifyProblem[] = [];
  const problem = (kind: string, sequence: number, message: string) => problems.push({ kind, record, sequence, message });
  for (const { kind, row } of rows) {
    const { sequence } = row;
    if (sequence > walked && sequence <= latest) continue;
    const entry = expected.get(`${kind} ${sequence}`);
    const wrong = entry && Object.keys(entry.says).find((name) => (row as unknown as JsonObject)[name] !== entry.says[name]);
    if (!entry) problem(kind, sequence, `A ${kind} stands with this entry that the history does not know: it was inserted.`);
    else if (wrong) problem(kind, sequence, `The ${kind} that is shown differs from the history in its ${wrong}: it was altered.`);
    expected.delete(`${kind} ${sequence}`);
  }
  for (const { kind, sequence } of expected.values()) problem(kind, sequence, `The ${kind} of this entry is gone: it was removed.`);
  return problems;
}

/** The attached files themselves, against the checksum that the history has of each. */
export async function fileProblems({ attachmentsDir }: EngineContext, record: string, filed: readonly Filed[]): Promise<readonly VerifyProblem[]> {
  const problems: VerifyProblem[] = [];
  for (const { kind, sequence, says } of filed) {
    const { id, sha256 } = says;
    if (kind !== 'attachment' || typeof id !== 'string' || typeof sha256 !== 'string') continue;
    const content = await readAttachment(attachmentsDir, id).catch(() => null);
    if (!content) problems.push({ kind, record, sequence, message: 'The attached file is gone or cannot be read.' });
    else if (createHash('sha256').update(content).digest('hex') !== sha256)
      problems.push({ kind, record, sequence, message: 'The attached file is not the one that was attached: its content was altered.' });
  }
  return problems;
}
