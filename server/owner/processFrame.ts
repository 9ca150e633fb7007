/** What the pages of one process have in common: who may look, the heading, the tabs. */
import { type DefinitionView, EngineError } from '../../engine/index.js';
import { humanise } from '../presenters/drawing/words.js';
import { type Allow, holds, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';

/** Whoever is signed in may come; which process they may see is `readable`'s to say. */
export const reader = signedIn;
/** An auditor changes nothing, whatever other roles he holds. */
export const owner: Allow = {
  name: 'process owner or administrator, not an auditor',
  test: (user) => (user?.roles.includes('auditor') ? 'forbidden' : holds('process-owner', 'administrator').test(user)),
};

export type Tab = 'drawing' | 'sentences' | 'versions' | 'scenarios' | 'edit';

export function mayWrite(visit: Visit): boolean {
  return owner.test(visit.user) === 'yes';
}

/** Owners and auditors see every process; others those they may read records of. */
export function mayLook(visit: Visit, process: { readonly mayRead: boolean }): boolean {
  return process.mayRead || mayWrite(visit) || holds('auditor').test(visit.user) === 'yes';
}

/** @throws EngineError PROCESS_NOT_FOUND, also where the reader may not know of it. */
export async function readable(visit: Visit, hash?: string): Promise<DefinitionView> {
  const key = visit.param('key');
  const view = await visit.services.engine.definition(key, visit.actor, hash);
  if (!mayLook(visit, view.summary)) throw new EngineError('PROCESS_NOT_FOUND', { process: key });
  return view;
}

export function titleOf(view: DefinitionView | null, key: string): string {
  return view?.summary.title ?? humanise(key);
}

export interface FrameModel {
  readonly key: string;
  readonly heading: string;
  readonly crumbs: readonly { readonly href: string; readonly title: string }[];
  readonly tabs: readonly { readonly href: string; readonly title: string; readonly current: boolean }[];
}

export function frame(visit: Visit, process: { readonly key: string; readonly title: string; readonly published: boolean }, current: Tab): FrameModel {
  const base = `/processes/${encodeURIComponent(process.key)}`;
  const tab = (id: Tab, title: string, href: string): { href: string; title: string; current: boolean } => ({ href, title, current: id === current });
  const readers = process.published
    ? [
        tab('drawing', 'Drawing', base),
        tab('sentences', 'In sentences', `${base}/sentences`),
        tab('versions', 'Versions', `${base}/versions`),
        tab('scenarios', 'Scenarios', `${base}/scenarios`),
      ]
    : [];
  return {
    key: process.key,
    heading: process.title,
    crumbs: [{ href: '/owner', title: 'Process design' }],
    tabs: [...readers, ...(mayWrite(visit) ? [tab('edit', 'Edit', `${base}/edit`)] : [])],
  };
}

/** Versions are content-addressed; eight digits are enough to tell them apart by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}

/** Names of people by id, for `published by`. */
export async function peopleNames(visit: Visit): Promise<(id: string) => string> {
  const names = new Map((await visit.services.engine.users()).map((user) => [user.id, user.name]));
  return (id) => names.get(id) ?? (id === 'system' ? 'Charter' : id);
}
