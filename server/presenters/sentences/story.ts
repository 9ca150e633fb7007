/** A process told in sentences, as data: what templates lay out and screen readers read instead of the drawing. */

export interface ProcessStory {
  readonly title: string;
  readonly description: string;
  /** Who may open one, who may read, what is asked at the beginning. */
  readonly beginnings: readonly string[];
  readonly states: readonly StateStory[];
  readonly roles: readonly RoleStory[];
  readonly clocks: readonly TopicStory[];
  readonly approvals: readonly TopicStory[];
  readonly schedules: readonly string[];
  readonly figures: readonly string[];
  readonly evidence: readonly string[];
  readonly checks: readonly { readonly sentence: string; readonly message: string }[];
  readonly values: readonly { readonly field: string; readonly sentence: string }[];
}

export interface StateStory {
  readonly path: string;
  /** An id that may stand in a page. */
  readonly anchor: string;
  readonly title: string;
  readonly depth: number;
  /** `A state that others lie in`, `The end`… null for plain states. */
  readonly kind: string | null;
  readonly description: string | null;
  /** What happens on entering and leaving. */
  readonly notes: readonly string[];
  /** What people can do here. */
  readonly steps: readonly StepStory[];
  /** What happens without anybody doing it. */
  readonly byItself: readonly string[];
}

export interface StepStory {
  readonly event: string;
  readonly title: string;
  readonly description: string | null;
  readonly who: string;
  readonly when: { readonly sentence: string; readonly detail: string | null } | null;
  readonly asked: readonly { readonly title: string; readonly required: boolean }[];
  /** Where it leads and what else happens. */
  readonly leads: string;
  readonly effects: readonly string[];
  readonly emphasis: 'primary' | 'danger' | null;
}

export interface RoleStory {
  readonly role: string;
  readonly title: string;
  readonly events: readonly { readonly title: string; readonly states: readonly string[] }[];
}

export interface TopicStory {
  readonly title: string;
  readonly sentences: readonly string[];
}
