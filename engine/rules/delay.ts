/** Delays of timers and targets of SLA clocks. */
import type { DelaySpec, Json, JsonObject, Rule } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import { businessPlus, type Calendar } from './calendar.js';
import { addDuration, durationMs, parseDuration } from './durations.js';
import { compileRule } from './evaluate.js';
import { parseInstant } from './instants.js';
import type { CompiledRule, RuleEnvironment, RuleFacts } from './types.js';

export interface CompiledDelay {
  readonly name: string;
  /** Literal `var` paths of its rules. */
  readonly reads: readonly string[];
  /**
   * The instant at which it falls due when it began at `from`, milliseconds since the epoch; may lie in the past. Null: no timer.
   * @throws EngineError RULE_FAILED when a rule fails or gives neither a duration nor an instant.
   */
  due(facts: RuleFacts, environment: RuleEnvironment, from: number): number | null;
  /** How long it is, and on which calendar that is counted (null: all hours). Null for no value and for an instant. @throws as `due`. */
  amount(facts: RuleFacts, environment: RuleEnvironment): { readonly ms: number; readonly calendar: string | null } | null;
}

/** What a delay comes to for given facts. */
type Amount =
  | { readonly kind: 'elapsed'; readonly length: string | number }
  | { readonly kind: 'business'; readonly ms: number; readonly calendar: Calendar }
  | { readonly kind: 'until'; readonly at: number }
  | null;

type Resolve = (facts: RuleFacts, environment: RuleEnvironment) => Amount;

/** Compiles a delay; `name` is what errors call it. A rule may give milliseconds, a duration, an instant, `{business, calendar}` or null. */
export function compileDelay(name: string, spec: DelaySpec): CompiledDelay {
  const { reads, resolve } = resolver(name, spec);
  return {
    name,
    reads,
    due: (facts, environment, from) => {
      const amount = resolve(facts, environment);
      if (amount === null) return null;
      if (amount.kind === 'until') return amount.at;
      if (amount.kind === 'business') return businessPlus(amount.calendar, from, amount.ms);
      return typeof amount.length === 'number' ? from + amount.length : counted(name, () => addDuration(from, amount.length as string));
    },
    amount: (facts, environment) => {
      const amount = resolve(facts, environment);
      if (amount === null || amount.kind === 'until') return null;
      if (amount.kind === 'business') return { ms: amount.ms, calendar: amount.calendar.name };
      return { ms: lengthOf(name, amount.length), calendar: null };
    },
  };
}

function resolver(name: string, spec: DelaySpec): { readonly reads: readonly string[]; readonly resolve: Resolve } {
  if (typeof spec === 'string' || typeof spec === 'number') return { reads: [], resolve: (_, environment) => amountOf(name, spec, environment) };
  if ('business' in spec) {
    const [length, calendar] = [part(name, spec.business), part(name, spec.calendar)];
    const resolve: Resolve = (facts, environment) =>
      business(name, { business: length.evaluate(facts, environment), calendar: calendar.evaluate(facts, environment) }, environment);
    return { reads: [...new Set([...length.reads, ...calendar.reads])], resolve };
  }
  const rule = part(name, 'until' in spec ? spec.until : spec.rule);
  return { reads: rule.reads, resolve: (facts, environment) => amountOf(name, rule.evaluate(facts, environment), environment) };
}

function part(name: string, rule: Rule): CompiledRule {
  return compileRule(name, rule);
}

function amountOf(name: string, value: Json, environment: RuleEnvironment): Amount {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return { kind: 'elapsed', length: value };
  if (typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, 'business')) return business(name, value as JsonObject, environment);
  if (typeof value !== 'string') throw refused(name, value);
  if (parseDuration(value) !== null) return { kind: 'elapsed', length: value };
  const at = parseInstant(value);
  if (at === null) throw refused(name, value);
  return { kind: 'until', at };
}

function business(name: string, { business: length, calendar }: JsonObject, environment: RuleEnvironment): Amount {
  if (length === null || length === undefined || length === '') return null;
  if (typeof length !== 'number' && typeof length !== 'string') throw refused(name, length);
  const known = typeof calendar === 'string' ? environment.calendars.get(calendar) : undefined;
  if (known === undefined) throw new EngineError('RULE_FAILED', { rule: name, reason: `there is no calendar ${JSON.stringify(calendar ?? null)}` });
  return { kind: 'business', ms: lengthOf(name, length), calendar: known };
}

function lengthOf(name: string, length: string | number): number {
  return typeof length === 'number' ? length : counted(name, () => durationMs(length));
}

function counted(name: string, work: () => number): number {
  try {
    return work();
  } catch (cause) {
    throw new EngineError('RULE_FAILED', { rule: name, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

function refused(name: string, value: Json): EngineError {
  return new EngineError('RULE_FAILED', { rule: name, reason: `${JSON.stringify(value).slice(0, 80)} is neither a duration nor an instant` });
}
