/** Traces as the rest of the server sees them. `tracing.ts` makes them, and is loaded only when somebody asks for traces. */

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  /** The span it belongs to, or what a caller's `traceparent` header says; null: a trace of its own. */
  readonly parent: Span | string | null;
  /** Milliseconds since the epoch; default now. */
  readonly from?: number;
  readonly attributes?: Attributes;
}

export interface SpanEnd {
  readonly name?: string;
  /** Milliseconds since the epoch; default now. */
  readonly to?: number;
  readonly attributes?: Attributes;
  /** A word for what went wrong. */
  readonly failed?: string | null;
}

export interface Span {
  /** As the W3C header has it, for whoever is called. */
  readonly traceparent: string;
  end(how?: SpanEnd): void;
}

export interface Tracing {
  begin(span: SpanStart): Span;
  /** Hands over what is still to be sent. */
  close(): Promise<void>;
}

/** A `traceparent` header of version 00 with ids that are not all zero (W3C Trace Context). */
export const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/u;
