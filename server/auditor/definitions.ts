/** Which version of each process was in force when, each readable at any time later, and as a file without Charter. */
import { EngineError, type ProcessSummary, type VersionView } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';
import { sendAs } from './exports.js';
import { short, tabsOf } from './frame.js';
import { peopleNames } from './people.js';

const sources = { folder: 'from its folder', browser: 'in the browser', api: 'through the API' } as const;

export interface TermView {
  readonly process: string;
  readonly short: string;
  readonly hash: string;
  readonly href: string;
  readonly file: string;
  /** Compares with the version that was in force before. */
  readonly difference: string | null;
  readonly from: number;
  readonly until: number | null;
  readonly by: string;
  readonly source: string;
  readonly note: string | null;
  readonly records: number | null;
}

/** The terms of a process's versions, newest first: an activation holds until the next. */
function termsOf({ key, title }: Pick<ProcessSummary, 'key' | 'title'>, versions: readonly VersionView[], name: (id: string) => string): readonly TermView[] {
  const activations = versions
    .flatMap((version) => version.activations.map((activation) => ({ activation, version })))
    .sort((a, b) => a.activation.at - b.activation.at);
  return activations
    .map(({ activation, version }, index): TermView => {
      const before = activations[index - 1]?.version.hash;
      const base = `/processes/${encodeURIComponent(key)}`;
      return {
        process: title,
        short: short(version.hash),
        hash: version.hash,
        href: `${base}/versions/${version.hash}`,
        file: `/audit/definitions/${encodeURIComponent(key)}/${version.hash}`,
        difference: before && before !== version.hash ? `${base}/compare?from=${before}&to=${version.hash}` : null,
        from: activation.at,
        until: activations[index + 1]?.activation.at ?? null,
        by: name(activation.by),
        source: sources[activation.source],
        note: activation.note || null,
        records: version.records,
      };
    })
    .reverse();
}

export interface ProcessTerms {
  readonly key: string;
  readonly title: string;
  readonly group: string;
  readonly terms: readonly TermView[];
  readonly versions: number;
}

export async function readTerms(visit: Visit): Promise<readonly ProcessTerms[]> {
  const { engine } = visit.services;
  const [processes, name] = await Promise.all([engine.processes(visit.actor), peopleNames(visit)]);
  return Promise.all(
    processes.map(async (process) => {
      const versions = await engine.versions(process.key, visit.actor);
      return { key: process.key, title: process.title, group: process.group, versions: versions.length, terms: termsOf(process, versions, name) };
    }),
  );
}

export async function showDefinitions(visit: Visit): Promise<void> {
  const processes = await readTerms(visit);
  await visit.page({
    view: 'auditor/definitions',
    title: 'Definitions and when they were in force',
    current: '/audit',
    model: { tabs: tabsOf('/audit/definitions'), processes },
  });
}

/** All files of a version, and the shared rules it is closed over, as they were published. */
export async function sendDefinition(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const [key, hash] = [visit.param('key'), visit.param('hash')];
  const [view, versions] = [await engine.definition(key, visit.actor, hash), await engine.versions(key, visit.actor)];
  const version = versions.find((each) => each.hash === hash);
  if (!version) throw new EngineError('VERSION_NOT_FOUND', { process: key, version: hash });
  const iso = (at: number): string => new Date(at).toISOString();
  const { publishedAt, publishedBy, note, source, activations } = version;
  const about = {
    process: key,
    version: hash,
    publishedAt: iso(publishedAt),
    publishedBy,
    note,
    source,
    inForce: activations.map(({ at, by, note: why }) => ({ from: iso(at), by, note: why })),
  };
  sendAs(visit.response, `charter-${key.replaceAll(/[^\w-]/gu, '_')}-${short(hash)}.json`, 'application/json; charset=utf-8');
  visit.response.end(`${JSON.stringify({ ...about, files: view.files, policy: view.policy }, null, 2)}\n`);
}
