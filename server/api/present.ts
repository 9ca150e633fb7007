/** The engine's views as the API shows them: instants and durations as ISO 8601 text. */
import {
  type AttachmentRow,
  type ClockView,
  type CommentRow,
  formatDuration,
  type HistoryView,
  type ProcessSummary,
  type RecordView,
  type TransitionView,
  type VersionView,
} from '../../engine/index.js';

export const isoInstant = (at: number): string => new Date(at).toISOString();
const instantOrNull = (at: number | null): string | null => (at === null ? null : isoInstant(at));
const durationOrNull = (ms: number | null): string | null => (ms === null ? null : formatDuration(ms));

function mapped<From, To>(source: { readonly [name: string]: From }, change: (value: From) => To): { [name: string]: To } {
  return Object.fromEntries(Object.entries(source).map(([name, value]) => [name, change(value)]));
}

const clockJson = ({ title, status, elapsed, remaining, target, dueAt, breached, calendar, reason }: ClockView) => ({
  title,
  status,
  elapsed: formatDuration(elapsed),
  remaining: durationOrNull(remaining),
  target: durationOrNull(target),
  dueAt: instantOrNull(dueAt),
  breached,
  calendar,
  reason,
});

const approvalJson = ({ attempt, status, step, steps, votes, beganAt }: RecordView['approvals'][string]) => ({
  attempt,
  status,
  step,
  steps: steps.map((one) => ({ name: one.name, status: one.status, voters: one.voters })),
  votes: votes.map((vote) => ({ voter: vote.voter, by: vote.by, choice: vote.choice, step: vote.step, at: isoInstant(vote.at) })),
  beganAt: isoInstant(beganAt),
});

export function recordJson(view: RecordView) {
  const { id, number, process, state, paths, status, version, definitionVersion, data, withheld, output } = view;
  return {
    id,
    number,
    process,
    title: view.columns.title,
    state,
    paths,
    status,
    version,
    definitionVersion,
    data,
    withheld,
    clocks: mapped(view.clocks, clockJson),
    approvals: mapped(view.approvals, approvalJson),
    output,
    createdAt: isoInstant(view.createdAt),
    createdBy: view.createdBy,
    updatedAt: isoInstant(view.updatedAt),
  };
}

export function historyJson(entry: HistoryView) {
  const { sequence, actor, onBehalfOf, origin, event, title, data, from, to, changes, hash, previousHash, erased } = entry;
  return {
    sequence,
    at: isoInstant(entry.at),
    recordedAt: isoInstant(entry.recordedAt),
    actor,
    onBehalfOf,
    origin,
    event,
    title,
    data,
    from,
    to,
    changes,
    definitionVersion: entry.definition,
    hash,
    previousHash,
    erased,
  };
}

export function transitionJson({ type, title, description, available, dependsOn, reasons, whoCould, targets, form }: TransitionView) {
  return {
    type,
    title,
    description,
    available,
    dependsOn,
    reasons: reasons.map(({ rule, sentence, parts }) => ({ rule, sentence, parts })),
    whoCould,
    targets,
    form,
  };
}

export const commentJson = ({ id, sequence, author, at, internal, text }: CommentRow) => ({ id, sequence, author, at: isoInstant(at), internal, text });

export const attachmentJson = ({ id, record, sequence, author, at, name, type, size, sha256 }: AttachmentRow) => ({
  id,
  sequence,
  author,
  at: isoInstant(at),
  name,
  type,
  size,
  sha256,
  href: `/api/v1/records/${record}/attachments/${id}`,
});

export const summaryJson = (summary: ProcessSummary) => ({ ...summary, activatedAt: isoInstant(summary.activatedAt) });

export const versionJson = ({ hash, current, publishedAt, publishedBy, note, source, records, activations }: VersionView) => ({
  version: hash,
  current,
  publishedAt: isoInstant(publishedAt),
  publishedBy,
  note,
  source,
  records,
  activations: activations.map((one) => ({ at: isoInstant(one.at), by: one.by, note: one.note, source: one.source })),
});
