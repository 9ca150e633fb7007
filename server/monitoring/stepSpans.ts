/** Spans of what the engine tells: each step with its phases, each delivery below the step that asked for it. */
import { monotonic, type Observation } from '../../engine/index.js';
import { currentCause } from './cause.js';
import type { Span, Tracing } from './spans.js';

/** Steps whose effects are not delivered yet. Of older ones, and of those another server took, the delivery is a trace of its own. */
const REMEMBERED = 10_000;

export interface StepSpans {
  tell(observation: Observation): void;
  /** The span of the step whose outbox holds an effect of this key; the run's own when it is not known. */
  parentOf(effectKey: string): Span | null;
}

export function createStepSpans(tracing: Tracing): StepSpans {
  const steps = new Map<string, Span>();
  return {
    tell(observation) {
      if (observation.kind === 'step') {
        const span = stepSpan(tracing, observation);
        if (observation.effects === 0) return;
        if (steps.size >= REMEMBERED) steps.delete(steps.keys().next().value as string);
        steps.set(observation.hash, span);
      } else if (observation.kind === 'refusal') refusalSpan(tracing, observation);
    },
    parentOf: (key) => steps.get(key.slice(0, key.indexOf(':'))) ?? currentCause()?.span() ?? null,
  };
}

function stepSpan(tracing: Tracing, step: Extract<Observation, { kind: 'step' }>): Span {
  const { load, decide, commit } = step.times;
  const to = now();
  let from = to - load - decide - commit;
  const span = tracing.begin({
    name: `step ${step.event}`,
    kind: 'internal',
    parent: currentCause()?.span() ?? null,
    from,
    attributes: {
      'charter.process': step.process ?? '',
      'charter.record': step.record,
      'charter.event': step.event,
      'charter.sequence': step.sequence,
      'charter.entry': step.hash,
      'charter.origin': step.origin,
      'charter.tries': step.tries,
    },
  });
  for (const [name, ms] of Object.entries({ load, decide, commit })) {
    tracing.begin({ name, kind: 'internal', parent: span, from }).end({ to: from + ms });
    from += ms;
  }
  span.end({ to });
  return span;
}

function refusalSpan(tracing: Tracing, { event, process, record, code, ms }: Extract<Observation, { kind: 'refusal' }>): void {
  const to = now();
  tracing
    .begin({
      name: `step ${event}`,
      kind: 'internal',
      parent: currentCause()?.span() ?? null,
      from: to - ms,
      attributes: { 'charter.process': process ?? '', 'charter.record': record, 'charter.event': event },
    })
    .end({ to, failed: code });
}

/** Milliseconds since the epoch, finer than the system's clock and never going back. */
function now(): number {
  return performance.timeOrigin + monotonic();
}
