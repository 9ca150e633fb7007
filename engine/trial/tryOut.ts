/** Everything that can be said of definitions by trying them out: scenarios, coverage, exploration. */
import { compileProgram, type Program } from '../core/program.js';
import { checkAll, closeOver } from '../definitions/index.js';
import type { CheckedProcess, CheckReport, Problem, ScenarioResult, Sources } from '../engine.js';
import { EngineError } from '../errors.js';
import { explore } from './explore.js';
import { runWithCoverage } from './scenario.js';

export interface TriedOut extends CheckReport {
  readonly scenarios: readonly (ScenarioResult & { readonly process: string })[];
  /** Transitions that no scenario takes, by process. */
  readonly uncovered: readonly { readonly process: string; readonly transition: string }[];
}

/**
 * Checks sources and tries out every process that has no errors. A failed scenario or a broken invariant is an error.
 * `only`: the processes that are meant; the others are there to be referred to.
 */
export function tryOut(sources: Sources, only?: ReadonlySet<string>): TriedOut {
  const checked = checkAll(sources);
  const meant = (key: string): boolean => only === undefined || only.has(key);
  const programs = new Map([...checked.processes].map(([key, files]) => [key, compileProgram(closeOver(key, files, checked.shared))]));
  const surroundings = { others: programs, reference: checked.shared.reference };
  const problems: Problem[] = checked.problems.filter(({ file }) => /^(policy|reference)\//.test(file) || meant(file.split('/')[0] ?? ''));
  const processes: CheckedProcess[] = [];
  const scenarios: TriedOut['scenarios'][number][] = [];
  const uncovered: TriedOut['uncovered'][number][] = [];
  for (const [key, counts] of checked.counts) {
    if (!meant(key)) continue;
    const program = programs.get(key);
    const tried = program ? trial(program, surroundings) : null;
    problems.push(...(tried?.problems ?? []));
    scenarios.push(...(tried?.scenarios ?? []).map((result) => ({ ...result, process: key })));
    uncovered.push(...(tried?.uncovered ?? []).map((transition) => ({ process: key, transition })));
    const transitions = program ? program.kernel.transitions.length : counts.transitions;
    processes.push({
      key,
      states: counts.states,
      transitions,
      coveredTransitions: transitions - (tried?.uncovered.length ?? transitions),
      ...(tried?.explored ?? notExplored),
    });
  }
  return { problems, processes, scenarios, uncovered };
}

type Explored = Pick<CheckedProcess, 'exploredStates' | 'exploredSituations' | 'exploredFully'>;

const notExplored: Explored = { exploredStates: 0, exploredSituations: 0, exploredFully: false };

function trial(
  program: Program,
  surroundings: { others: ReadonlyMap<string, Program>; reference: Parameters<typeof runWithCoverage>[1]['reference'] },
): { problems: readonly Problem[]; scenarios: readonly ScenarioResult[]; uncovered: readonly string[]; explored: Explored } {
  const place = (pointer: string) => ({ severity: 'error' as const, file: `${program.key}/scenarios.json`, pointer, line: 1, column: 1 });
  try {
    const { results, taken, places } = runWithCoverage(program, surroundings);
    const exploration = explore(program, surroundings, { from: places });
    const failed = failedScenarios(program.key, results);
    const broken: Problem[] = exploration.counterexample
      ? [
          {
            ...place('/invariants'),
            code: 'INVARIANT_BROKEN',
            message: `${exploration.counterexample.message} The walk: ${exploration.counterexample.walk.map((step, index) => `${index + 1}. ${step}`).join('; ')}.`,
            remedy: 'Mend the process so that no path leads there.',
          },
        ]
      : [];
    return {
      problems: [...failed, ...broken],
      scenarios: results,
      uncovered: program.kernel.transitions.filter((transition) => !taken.has(transition.id)).map((transition) => transition.id),
      explored: { exploredStates: exploration.states, exploredSituations: exploration.situations, exploredFully: exploration.complete },
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return {
      problems: [{ ...place(''), code: 'TRIAL_FAILED', message: `${error.message} ${JSON.stringify(error.facts)}`, remedy: error.remedy }],
      scenarios: [],
      uncovered: program.kernel.transitions.map((transition) => transition.id),
      explored: notExplored,
    };
  }
}

/** Failed scenarios as problems of their file. */
function failedScenarios(process: string, results: readonly ScenarioResult[]): readonly Problem[] {
  return results.flatMap((result, index): Problem[] => {
    if (result.passed) return [];
    const pointer = `/scenarios/${index}${result.failedStep === null ? '' : `/steps/${result.failedStep}`}`;
    const message = `“${result.name}”: ${result.message ?? ''}`;
    return [
      {
        severity: 'error',
        file: `${process}/scenarios.json`,
        pointer,
        line: 1,
        column: 1,
        code: 'SCENARIO_FAILED',
        message,
        remedy: 'Mend the process, or the expectation of this step.',
      },
    ];
  });
}

/** What a process's own scenarios say of it, and how many transitions they take. Invariants are looked at after each of their steps. */
export function tryScenarios(
  program: Program,
  surroundings: Parameters<typeof runWithCoverage>[1],
): { readonly problems: readonly Problem[]; readonly covered: number } {
  const { results, taken } = runWithCoverage(program, surroundings);
  return { problems: failedScenarios(program.key, results), covered: program.kernel.transitions.filter((transition) => taken.has(transition.id)).length };
}
