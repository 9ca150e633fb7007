/** A record as its row holds it. */
import type { RecordState } from '../../types.js';
import type { RecordColumns, RecordRow } from '../types.js';

/** Columns of a RecordRow; the table is `r`. */
export const recordColumns = 'r.state, r.title, r.assignee, r.team, r.priority, r.requester, r.service, r.due';

export interface StoredRecord extends RecordColumns {
  readonly state: string;
}

export function recordRow({ state, title, assignee, team, priority, requester, service, due }: StoredRecord): RecordRow {
  return { record: JSON.parse(state) as RecordState, columns: { title, assignee, team, priority, requester, service, due } };
}
