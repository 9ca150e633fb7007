/** The auditor's first page: how much is kept, whether it was found sound, what became valid lately. */
import type { Visit } from '../web/visit.js';
import { readTerms } from './definitions.js';
import { tabsOf } from './frame.js';
import { peopleNames } from './people.js';
import type { Verifications } from './verifications.js';
import { runRow } from './verifyPages.js';

const RECENT = 8;

export const showOverview =
  (verifications: Verifications) =>
  async (visit: Visit): Promise<void> => {
    const { engine } = visit.services;
    const [kept, checkpoints, processes, name] = await Promise.all([engine.kept(), engine.checkpoints(), readTerms(visit), peopleNames(visit)]);
    const last = (await verifications.all()).find(({ record }) => record === null);
    await visit.page({
      view: 'auditor/overview',
      title: 'Audit',
      current: '/audit',
      model: {
        tabs: tabsOf('/audit'),
        records: kept.records.toLocaleString('en-GB'),
        entries: kept.entries.toLocaleString('en-GB'),
        checkpoints: checkpoints.length,
        sealed: checkpoints[0] ?? null,
        processes: processes.length,
        versions: processes.reduce((sum, process) => sum + process.versions, 0),
        running: last?.status === 'running',
        last: last ? runRow(last, name) : null,
        recent: processes
          .flatMap(({ terms }) => terms)
          .sort((a, b) => b.from - a.from)
          .slice(0, RECENT),
      },
    });
  };
