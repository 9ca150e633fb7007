/** Before publishing: what the draft changes, what the checker says, how the scenarios go. Then the note that says why. */
import { EngineError, type Problem } from '../../engine/index.js';
import { readChart } from '../presenters/drawing/chart.js';
import type { Visit } from '../web/visit.js';
import { differenceGroups } from './differenceView.js';
import { draftDifference } from './draftDifference.js';
import { openWorkbench, type Workbench } from './drafts.js';
import { drawTexts, parseFiles } from './draftView.js';
import { errorsIn, problemViews } from './problemView.js';
import { frame, shortHash, titleOf } from './processFrame.js';
import { type ScenarioRow, scenarioRows } from './scenarioPages.js';

export async function reviewDraft(visit: Visit): Promise<void> {
  return render(visit, await openWorkbench(visit), { note: '', error: null, problems: null });
}

interface Attempt {
  readonly note: string;
  readonly error: string | null;
  /** What publishing was refused for; null: ask the checker. */
  readonly problems: readonly Problem[] | null;
}

async function render(visit: Visit, bench: Workbench, attempt: Attempt): Promise<void> {
  const { key, texts, current } = bench;
  const title = titleOf(current, key);
  const problems = problemViews(attempt.problems ?? (await visit.services.engine.check(key, texts)).problems);
  const errors = errorsIn(problems);
  const differences = draftDifference(current?.files ?? {}, texts);
  const scenarios = errors === 0 ? await runScenarios(visit, bench) : [];
  await visit.page({
    view: 'owner/publish',
    title: `Publish ${title}`,
    current: '/owner',
    status: attempt.error === null && attempt.problems === null ? 200 : 422,
    model: {
      ...frame(visit, { key, title, published: current !== null }, 'edit'),
      isNew: current === null,
      ready: errors === 0 && (current === null || differences.length > 0),
      problems,
      errors,
      warnings: problems.length - errors,
      groups: differenceGroups(differences),
      count: differences.length,
      scenarios,
      failed: scenarios.filter((row) => !row.passed).length,
      drawing: await drawTexts(texts, `Statechart of ${title} as drafted`),
      note: attempt.note,
      error: attempt.error,
    },
  });
}

async function runScenarios(visit: Visit, bench: Workbench): Promise<ScenarioRow[]> {
  const results = await visit.services.engine.scenarios(bench.key, bench.texts);
  return scenarioRows(results, readChart(parseFiles(bench.texts)));
}

export async function publishDraft(visit: Visit): Promise<void> {
  const bench = await openWorkbench(visit);
  const note = visit.form.text('note').trim();
  if (note === '' || note.length > 500)
    return render(visit, bench, { note, error: 'Say in at most 500 characters what is different and why.', problems: null });
  try {
    const { hash, created } = await visit.services.engine.publish({ process: bench.key, files: bench.texts, note, actor: visit.actor, source: 'browser' });
    await visit.services.engine.dropDraft(bench.key, visit.actor);
    visit.services.log.info({ process: bench.key, hash, by: visit.actor.id }, 'version published');
    const text = created
      ? `Version ${shortHash(hash)} is published and in force. Records opened from now on follow it.`
      : `This content was published before as version ${shortHash(hash)}.`;
    visit.redirect(`/processes/${bench.key}`, { tone: 'good', text });
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'DEFINITION_FAULTY') throw error;
    await render(visit, bench, { note, error: null, problems: (error.facts.problems as readonly Problem[] | undefined) ?? [] });
  }
}
