/** The scenarios of a process, run: each walk with the states it passed through, and where one went another way than expected. */
import { EngineError, type ScenarioResult, type StateValue } from '../../engine/index.js';
import { type Chart, readChart } from '../presenters/drawing/chart.js';
import { humanise, listed } from '../presenters/drawing/words.js';
import type { Visit } from '../web/visit.js';
import { openWorkbench } from './drafts.js';
import { parseFiles } from './draftView.js';
import type { Texts } from './processFiles.js';
import { frame, mayWrite, readable, titleOf } from './processFrame.js';

export interface ScenarioRow {
  readonly name: string;
  readonly passed: boolean;
  readonly message: string | null;
  readonly steps: readonly { readonly step: string; readonly states: string; readonly at: number; readonly failed: boolean }[];
}

export async function showScenarios(visit: Visit): Promise<void> {
  const ofDraft = visit.query('draft') !== null && mayWrite(visit);
  const bench = ofDraft ? await openWorkbench(visit) : null;
  const view = bench ? bench.current : await readable(visit);
  const key = visit.param('key');
  const { results, fault } = await run(visit, key, bench?.texts ?? null);
  const chart = readChart(bench ? parseFiles(bench.texts) : (view?.files ?? {}));
  const rows = scenarioRows(results, chart);
  await visit.page({
    view: 'owner/scenarios',
    title: `Scenarios of ${titleOf(view, key)}`,
    current: '/owner',
    model: {
      ...frame(visit, { key, title: titleOf(view, key), published: view !== null }, 'scenarios'),
      ofDraft,
      fault,
      rows,
      passed: rows.filter((row) => row.passed).length,
      failed: rows.filter((row) => !row.passed).length,
    },
  });
}

/** A draft that is not whole has no scenarios to run yet. */
async function run(visit: Visit, key: string, texts: Texts | null): Promise<{ results: readonly ScenarioResult[]; fault: string | null }> {
  try {
    return { results: await visit.services.engine.scenarios(key, texts), fault: null };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'DEFINITION_FAULTY') throw error;
    return { results: [], fault: 'The draft has errors. Its scenarios are run once they are mended.' };
  }
}

/** Failed ones first. */
export function scenarioRows(results: readonly ScenarioResult[], chart: Chart): ScenarioRow[] {
  return results
    .map((result) => ({
      name: result.name,
      passed: result.passed,
      message: result.message,
      steps: result.walk.map((step, index) => ({
        step: step.step,
        states: listed(leafTitles(step.state, '', chart)),
        at: step.at,
        failed: !result.passed && index === result.failedStep,
      })),
    }))
    .sort((one, other) => Number(one.passed) - Number(other.passed));
}

function leafTitles(value: StateValue, around: string, chart: Chart): string[] {
  const title = (path: string): string => chart.states.get(path)?.title ?? humanise(path.split('.').at(-1) ?? path);
  const join = (key: string): string => (around === '' ? key : `${around}.${key}`);
  if (typeof value === 'string') return [title(join(value))];
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined || (typeof inner === 'object' && Object.keys(inner).length === 0) ? [title(join(key))] : leafTitles(inner, join(key), chart),
  );
}
