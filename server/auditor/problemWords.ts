/** What a verification found, in plain words: what it means, and where. */
import type { RecordView, VerifyProblem } from '../../engine/index.js';

const kinds: { readonly [kind: string]: readonly [title: string, meaning: string] } = {
  hash: ['Text altered', 'The sealed text of an entry is not the one that was written.'],
  chain: ['Chain broken', 'An entry does not follow the one before it.'],
  gap: ['Entries missing', 'An entry is missing, out of order, or stands there twice.'],
  order: ['Row altered or moved', 'What a row says beside the sealed text is not what was sealed.'],
  missing: ['History cut', 'A record and its history do not end at the same step, or one of them is gone.'],
  state: ['Record altered', 'A record as it is stored is not what its history gives.'],
  clock: ['Clock altered', 'A clock does not stand where its history puts it.'],
  values: ['Value altered or removed', 'A value does not fit its seal, or is gone without having been erased.'],
  comment: ['Comment altered', 'A comment as it is shown is not what the history says.'],
  attachment: ['File altered', 'An attached file, or what is said of it, is not what the history says.'],
  definition: ['Definition altered', 'Rules by which steps were decided are not what they were.'],
  checkpoint: ['Seal broken', 'What a checkpoint sealed is gone or was made anew.'],
  replay: ['Decided otherwise', 'The same facts, decided again, do not give what was recorded.'],
};

export interface ProblemView {
  readonly kind: string;
  readonly title: string;
  readonly meaning: string;
  readonly message: string;
  readonly record: { readonly href: string; readonly number: string } | null;
  readonly step: { readonly href: string; readonly sequence: number } | null;
  /** Id of a record that cannot be shown, for there is none any more. */
  readonly lost: string | null;
}

export function problemView(problem: VerifyProblem, records: ReadonlyMap<string, RecordView>): ProblemView {
  const [title, meaning] = kinds[problem.kind] ?? [problem.kind, ''];
  const record = problem.record === null ? undefined : records.get(problem.record);
  const href = record ? `/audit/records/${record.number}` : '';
  return {
    kind: problem.kind,
    title,
    meaning,
    message: problem.message,
    record: record ? { href, number: record.number } : null,
    step: record && problem.sequence !== null && problem.sequence >= 1 ? { href: `${href}?step=${problem.sequence}`, sequence: problem.sequence } : null,
    lost: record ? null : problem.record,
  };
}
