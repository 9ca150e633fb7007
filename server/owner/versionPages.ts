/** The versions of a process: who made each and why, how many records are on it, what differs, and how to bring one back. */
import { type Difference, EngineError, type VersionView } from '../../engine/index.js';
import { drawStatechart } from '../presenters/drawing/drawStatechart.js';
import { describeDrawing } from '../presenters/sentences/describeDrawing.js';
import type { Visit } from '../web/visit.js';
import { differenceGroups } from './differenceView.js';
import { frame, mayWrite, peopleNames, readable, shortHash } from './processFrame.js';

const SOURCES = { folder: 'from its folder', browser: 'in the browser', api: 'through the API' } as const;

export async function listVersions(visit: Visit): Promise<void> {
  const view = await readable(visit);
  const { key, title } = view.summary;
  const [versions, name] = await Promise.all([visit.services.engine.versions(key, visit.actor), peopleNames(visit)]);
  const rows = newestFirst(versions).map((version) => row(version, name));
  await visit.page({
    view: 'owner/versions',
    title: `Versions of ${title}`,
    current: '/owner',
    model: { ...frame(visit, { key, title, published: true }, 'versions'), rows, several: rows.length > 1, from: rows[1]?.hash ?? '', to: rows[0]?.hash ?? '' },
  });
}

function newestFirst(versions: readonly VersionView[]): VersionView[] {
  return [...versions].sort((one, other) => lastActive(other) - lastActive(one));
}

function lastActive(version: VersionView): number {
  return Math.max(version.publishedAt, ...version.activations.map((activation) => activation.at));
}

function row(version: VersionView, name: (id: string) => string): { hash: string; [name: string]: unknown } {
  return {
    hash: version.hash,
    short: shortHash(version.hash),
    note: version.note || null,
    by: name(version.publishedBy),
    at: version.publishedAt,
    source: SOURCES[version.source],
    current: version.current,
    records: version.records,
    activations: [...version.activations]
      .sort((one, other) => other.at - one.at)
      .map((activation) => ({ at: activation.at, by: name(activation.by), note: activation.note || null })),
  };
}

export async function showVersion(visit: Visit): Promise<void> {
  return renderVersion(visit, { note: '', error: null });
}

async function renderVersion(visit: Visit, restore: { readonly note: string; readonly error: string | null }): Promise<void> {
  const hash = visit.param('hash');
  const view = await readable(visit, hash);
  const { key, title } = view.summary;
  const [versions, name] = await Promise.all([visit.services.engine.versions(key, visit.actor), peopleNames(visit)]);
  const version = versions.find((each) => each.hash === hash);
  if (!version) throw new EngineError('VERSION_NOT_FOUND', { process: key, version: hash });
  const drawing = await drawStatechart(view, { title: `Statechart of ${title}, version ${shortHash(hash)}` });
  await visit.page({
    view: 'owner/version',
    title: `${title}, version ${shortHash(hash)}`,
    current: '/owner',
    width: 'wide',
    status: restore.error === null ? 200 : 422,
    model: {
      ...frame(visit, { key, title, published: true }, 'versions'),
      version: row(version, name),
      drawing: drawing || null,
      text: describeDrawing(view).states,
      mayRestore: mayWrite(visit) && !version.current,
      currentHash: versions.find((each) => each.current)?.hash ?? null,
      restore,
    },
  });
}

/** Restoring is a new activation, with a reason; nothing is published anew. */
export async function restoreVersion(visit: Visit): Promise<void> {
  const { key } = (await readable(visit)).summary;
  const hash = visit.param('hash');
  const note = visit.form.text('note').trim();
  if (note === '' || note.length > 500) return renderVersion(visit, { note, error: 'Say in at most 500 characters why this version is to be in force again.' });
  await visit.services.engine.activate({ process: key, hash, note, actor: visit.actor });
  visit.services.log.info({ process: key, hash, by: visit.actor.id }, 'version restored');
  visit.redirect(`/processes/${key}/versions`, { tone: 'good', text: `Version ${shortHash(hash)} is in force again. Records opened from now on follow it.` });
}

export async function compareVersions(visit: Visit): Promise<void> {
  const view = await readable(visit);
  const { key, title } = view.summary;
  const versions = await visit.services.engine.versions(key, visit.actor);
  const [from, to] = ['from', 'to'].map((name) => chosen(visit, name, versions)) as [VersionView, VersionView];
  const differences: readonly Difference[] = from.hash === to.hash ? [] : await visit.services.engine.difference(key, from.hash, to.hash, visit.actor);
  const side = (version: VersionView): object => ({
    hash: version.hash,
    short: shortHash(version.hash),
    at: version.publishedAt,
    note: version.note || null,
    current: version.current,
  });
  await visit.page({
    view: 'owner/compare',
    title: `What changed in ${title}`,
    current: '/owner',
    model: {
      ...frame(visit, { key, title, published: true }, 'versions'),
      from: side(from),
      to: side(to),
      count: differences.length,
      many: differences.length > 12,
      groups: differenceGroups(differences),
    },
  });
}

function chosen(visit: Visit, name: string, versions: readonly VersionView[]): VersionView {
  const hash = visit.query(name);
  const version = versions.find((each) => each.hash === hash);
  if (!version) throw new EngineError('VERSION_NOT_FOUND', { parameter: name, version: hash });
  return version;
}
