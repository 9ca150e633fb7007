/** All processes, and what the last reading of the folders found. */
import { hostname } from 'node:os';
import { holds } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { folderProblemViews } from './problemView.js';
import { mayLook, mayWrite, shortHash } from './processFrame.js';

export async function listProcesses(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const writes = mayWrite(visit);
  const all = await engine.processes(visit.actor);
  const drafts = writes ? (await engine.drafts(visit.actor)).filter((draft) => draft.owner === visit.actor.id) : [];
  const rows = all
    .filter((process) => mayLook(visit, process))
    .map((process) => ({
      key: process.key,
      title: process.title,
      description: process.description,
      group: process.group || 'Processes',
      version: shortHash(process.version),
      activatedAt: process.activatedAt,
      clauses: process.clauses['2018'].join(', '),
      draftAt: drafts.find((draft) => draft.process === process.key)?.updatedAt ?? null,
    }));
  const known = new Set(all.map((process) => process.key));
  await visit.page({
    view: 'owner/processes',
    title: 'Process design',
    current: '/owner',
    model: {
      lead: 'Everything Charter manages follows one of these. Each is data: a drawing, sentences and versions of it are here to see.',
      actions: writes ? [{ href: '/processes/new', title: 'New process', icon: 'plus', class: 'primary' }] : null,
      groups: [...new Set(rows.map((row) => row.group))].sort().map((group) => ({ group, rows: rows.filter((row) => row.group === group) })),
      unpublished: drafts.filter((draft) => !known.has(draft.process)).map((draft) => ({ key: draft.process, updatedAt: draft.updatedAt })),
      folders: writes || holds('auditor').test(visit.user) === 'yes' ? folderState(visit) : null,
    },
  });
}

function folderState(visit: Visit): object {
  const { config, engine } = visit.services;
  const { readAt, problems, waiting } = engine.folderProblems();
  return {
    readAt,
    // Others on the same database may have other folders; what they found is told by them alone.
    reader: engine.store.dialect === 'postgres' ? { host: hostname(), folder: config.processesDir } : null,
    problems: folderProblemViews(problems),
    waiting: waiting.map(({ process, hash }) => ({ process, hash, version: shortHash(hash) })),
  };
}
