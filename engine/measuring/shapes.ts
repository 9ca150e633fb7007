/** What figures and evidence come to, as everything outside `engine/` sees them. Instants are milliseconds since the epoch. */
import type { RecordView } from '../shapes.js';

/** One figure (KPI) of a process over a period. */
export interface Figure {
  readonly kpi: string;
  readonly title: string;
  readonly description: string | null;
  readonly unit: string | null;
  readonly target: number | null;
  readonly direction: 'up' | 'down' | null;
  /** Null when there is no record it could be worked out from; counts and sums are 0 then. */
  readonly value: number | null;
  /** Null without a target or a value. */
  readonly met: boolean | null;
  /** Records it rests on. */
  readonly count: number;
  /** Records left out because a rule could not be worked out for them. */
  readonly failed: number;
  /** By the month (UTC) in which the records were opened, such as `2026-03`; months without a record are left out. */
  readonly months: readonly { readonly month: string; readonly value: number | null; readonly met: boolean | null; readonly count: number }[];
}

export interface Figures {
  readonly process: string;
  /** Records opened from here on; null: from the first. */
  readonly from: number | null;
  /** Records opened before; null: until now. */
  readonly to: number | null;
  /** Records looked at. */
  readonly records: number;
  readonly figures: readonly Figure[];
}

/** One entry of a process's `evidence`, and how its records stand. */
export interface EvidenceStanding {
  readonly process: string;
  /** Place among the process's entries. */
  readonly index: number;
  readonly clause: { readonly '2018'?: string; readonly '2011'?: string };
  readonly title: string;
  /** Fields that must be filled in. */
  readonly fields: readonly string[];
  readonly every: string | null;
  /** Records that count, and those that would if their fields were filled in. */
  readonly complete: number;
  readonly incomplete: number;
  /** Records that could not be judged because the rule failed for them. */
  readonly failed: number;
  /** The newest proof: of the records that count the one opened last, or the one whose date is the latest. */
  readonly newest: { readonly id: string; readonly number: string; readonly at: number } | null;
  /** Since when a newer proof is wanting; null when none is. */
  readonly overdueSince: number | null;
}

/** What all processes declare as evidence, and how it stands. */
export interface Coverage {
  readonly processes: readonly {
    readonly key: string;
    readonly title: string;
    readonly plural: string;
    /** Clauses the process as a whole serves. */
    readonly clauses: { readonly '2018': readonly string[]; readonly '2011': readonly string[] };
  }[];
  readonly evidence: readonly EvidenceStanding[];
}

/** Some of the records behind an entry, the newest first. */
export interface EvidenceRecords {
  readonly standing: 'complete' | 'incomplete';
  readonly items: readonly { readonly record: RecordView /** Fields that are not filled in. */; readonly missing: readonly string[] }[];
  /** There are more than were asked for. */
  readonly more: boolean;
}
