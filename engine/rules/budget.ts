/** Limits of one evaluation. Four bombs of a few hundred characters ended a process without them (RISKS.md, R1). */

export const limits = {
  /** Parts of the rule looked at, those within iterators each time, plus a charge for large results. */
  steps: 10_000,
  /** Operators and lists within one another. */
  depth: 64,
  /** Values within a result, counting those of lists in lists. */
  resultSize: 10_000,
  /** Characters of a text result. */
  textLength: 100_000,
  /** Operators, lists and literals of a rule as written; the checker's limit. */
  ruleSize: 2_000,
} as const;

/** Why an evaluation was stopped, in words for the process owner. */
export class RuleFailure extends Error {}

/** Spends the budget of one evaluation. */
export class Budget {
  steps = 0;
  depth = 0;
  private weights: WeakMap<object, number> | null = null;

  /** Charges for a result that is not a number or a truth value, and refuses what is too large. */
  charge(result: unknown): void {
    if (typeof result === 'string') {
      if (result.length > limits.textLength) throw new RuleFailure(`a text grew beyond ${limits.textLength} characters`);
      this.spend(result.length >> 8);
    } else if (typeof result === 'object' && result !== null) {
      this.spend(this.weigh(result, 0) >> 3);
    }
  }

  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > limits.steps) throw new RuleFailure(`more than ${limits.steps} steps were needed`);
  }

  /** Values within a list or object. Remembered: lists that share parts (a doubling `reduce`) are weighed as if each were its own. */
  private weigh(value: object, depth: number): number {
    this.weights ??= new WeakMap();
    const known = this.weights.get(value);
    if (known !== undefined) return known;
    if (depth > limits.depth) throw new RuleFailure(`a value was nested deeper than ${limits.depth}`);
    let weight = 1;
    for (const part of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
      weight += typeof part === 'object' && part !== null ? this.weigh(part, depth + 1) : 1;
      if (weight > limits.resultSize + 1) throw new RuleFailure(`a result grew beyond ${limits.resultSize} values`);
    }
    this.weights.set(value, weight);
    return weight;
  }
}
