/** Adds up one figure over records, as a whole and by month. Pure. */
import type { KpiMeasure, KpiSpec } from '../definitions/authored.js';
import type { CompiledRule, RuleEnvironment, RuleFacts } from '../rules/index.js';

/** What came of one figure over some records. */
export interface Outcome {
  /** Null when there is nothing it could be worked out from. */
  readonly value: number | null;
  /** Whether the value is as good as the target; null without one of them. */
  readonly met: boolean | null;
  /** Records it rests on. */
  readonly count: number;
}

export type MeasureKind = 'percent' | 'count' | 'median' | 'average' | 'sum';

/** A figure ready to be worked out. */
export interface CompiledFigure {
  readonly name: string;
  readonly spec: KpiSpec;
  readonly kind: MeasureKind;
  readonly rule: CompiledRule;
  readonly of: CompiledRule | null;
}

export interface Tally {
  readonly figure: CompiledFigure;
  /** Takes a record's part in. `month`: such as `2026-03`. */
  add(part: number, month: string): void;
  /** Notes a record for which a rule failed. */
  leaveOut(): void;
  readonly failed: number;
  whole(): Outcome;
  /** By month, those without a record left out. */
  months(): readonly ({ readonly month: string } & Outcome)[];
}

const kinds: readonly MeasureKind[] = ['percent', 'count', 'median', 'average', 'sum'];

/** The figures of a process; one that says no measure is left out (the checker refuses it). */
export function compileFigures(kpis: { readonly [name: string]: KpiSpec } | undefined, rule: (source: KpiMeasure['of'], name: string) => CompiledRule) {
  return Object.entries(kpis ?? {}).flatMap(([name, spec]): CompiledFigure[] => {
    const kind = kinds.find((one) => spec.measure[one] !== undefined);
    if (kind === undefined) return [];
    const { of } = spec.measure;
    return [{ name, spec, kind, rule: rule(spec.measure[kind], `kpis.${name}.${kind}`), of: of === undefined ? null : rule(of, `kpis.${name}.of`) }];
  });
}

export function createTally(figure: CompiledFigure): Tally {
  const whole = createSum(figure);
  const months = new Map<string, Sum>();
  let failed = 0;
  return {
    figure,
    add(part, month) {
      whole.add(part);
      const sum = months.get(month) ?? createSum(figure);
      months.set(month, sum);
      sum.add(part);
    },
    leaveOut: () => void (failed += 1),
    get failed() {
      return failed;
    },
    whole: () => whole.outcome(),
    months: () => [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(([month, sum]) => ({ month, ...sum.outcome() })),
  };
}

/** One record's part in a figure; null: none. @throws EngineError RULE_FAILED */
export function partOf({ kind, rule, of }: CompiledFigure, facts: RuleFacts, environment: RuleEnvironment): number | null {
  if (of && !of.holds(facts, environment)) return null;
  if (kind === 'percent') return rule.holds(facts, environment) ? 1 : 0;
  if (kind === 'count') return rule.holds(facts, environment) ? 1 : null;
  const value = rule.evaluate(facts, environment);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

interface Sum {
  add(value: number): void;
  outcome(): Outcome;
}

function createSum({ kind, spec }: CompiledFigure): Sum {
  const values: number[] = [];
  let count = 0;
  let total = 0;
  return {
    add(value) {
      count += 1;
      total += value;
      if (kind === 'median') values.push(value);
    },
    outcome() {
      const value = inFourDigits(kind, { count, total, values });
      return { value, met: isMet(value, spec), count };
    },
  };
}

function inFourDigits(kind: MeasureKind, sum: { count: number; total: number; values: number[] }): number | null {
  const value = resultOf(kind, sum);
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}

function resultOf(kind: MeasureKind, { count, total, values }: { count: number; total: number; values: number[] }): number | null {
  if (kind === 'count' || kind === 'sum') return total;
  if (count === 0) return null;
  if (kind === 'percent') return (100 * total) / count;
  if (kind === 'average') return total / count;
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(count / 2);
  const upper = sorted[middle] as number;
  return count % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

function isMet(value: number | null, { target, direction }: KpiSpec): boolean | null {
  if (value === null || target === undefined) return null;
  return direction === 'down' ? value <= target : value >= target;
}
