/** What the frame of a page shows: who is signed in, where one can go, which theme. */
import type { ProcessSummary, UserRow } from '../../engine/index.js';
import { csrfToken } from '../auth/crossSite.js';
import type { Services } from './services.js';
import type { Notice, PageSpec, Visit } from './visit.js';

interface NavigationItem {
  readonly href: string;
  readonly title: string;
  readonly icon: string;
  readonly current: boolean;
}

interface NavigationGroup {
  readonly title: string | null;
  readonly items: readonly NavigationItem[];
}

/** A small icon for each process without knowing any by name: the same letter-independent choice every time. */
const PROCESS_ICON = 'process';

function roleLinks(user: UserRow): readonly (readonly [string, string, string])[] {
  const links: (readonly [string, string, string])[] = [];
  if (user.roles.includes('process-owner')) links.push(['/owner', 'Process design', 'edit']);
  if (['auditor', 'administrator', 'process-owner'].some((role) => user.roles.includes(role))) links.push(['/audit', 'Audit', 'shield']);
  else if (['sms-manager', 'top-management'].some((role) => user.roles.includes(role))) links.push(['/audit/coverage', 'Coverage', 'shield']);
  if (user.roles.includes('administrator'))
    links.push(['/admin/users', 'People', 'users'], ['/admin/teams', 'Teams', 'grid'], ['/admin/operations', 'Operations', 'refresh']);
  return links;
}

/** The navigation of this person: own work, the processes by group, what the roles open. */
function navigation(user: UserRow, processes: readonly ProcessSummary[], current: string): readonly NavigationGroup[] {
  const item = (href: string, title: string, icon: string): NavigationItem => ({ href, title, icon, current: href === current });
  const groups = new Map<string, NavigationItem[]>();
  for (const process of processes.filter(({ mayRead }) => mayRead)) {
    const group = process.group || 'Processes';
    groups.set(group, [...(groups.get(group) ?? []), item(`/process/${process.key}`, process.plural, PROCESS_ICON)]);
  }
  const roles = roleLinks(user).map(([href, title, icon]) => item(href, title, icon));
  return [
    { title: null, items: [item('/', 'My work', 'inbox'), item('/search', 'Search', 'search'), item('/processes', 'All processes', 'grid')] },
    ...[...groups].map(([title, items]) => ({ title, items })),
    ...(roles.length > 0 ? [{ title: 'Run Charter', items: roles }] : []),
  ];
}

function takeNotice(visit: Visit): Notice | null {
  const notice = visit.request.session?.notice ?? null;
  if (notice) delete visit.request.session.notice;
  return notice;
}

async function framed(visit: Visit, user: UserRow, current: string): Promise<object> {
  const processes = await visit.services.engine.processes(visit.actor);
  const tab = (href: string, title: string, icon: string): NavigationItem => ({ href, title, icon, current: href === current });
  return {
    user: { id: user.id, name: user.name, roles: user.roles.join(', ') || 'no roles' },
    navigation: navigation(user, processes, current),
    creatable: processes.filter(({ mayCreate }) => mayCreate).map(({ key, title }) => ({ href: `/process/${key}/new`, title })),
    tabs: [
      tab('/', 'My work', 'inbox'),
      tab('/search', 'Search', 'search'),
      tab('/new', 'New', 'plus'),
      { ...tab('#navigation', 'Menu', 'menu'), current: false },
    ],
  };
}

/** The theme a person chose, kept in a cookie that only says `light` or `dark`; otherwise the system's. */
export function themeOf(visit: Visit): 'system' | 'light' | 'dark' {
  const match = /(?:^|;\s*)charter-theme=(light|dark)(?:;|$)/u.exec(visit.request.get('cookie') ?? '');
  return match?.[1] === 'light' || match?.[1] === 'dark' ? match[1] : 'system';
}

/** The `ui` of a page; see the head of views/layouts/main.hbs. */
export async function frameOf(visit: Visit, spec: PageSpec, services: Services): Promise<object> {
  const scripts = ['live.js', ...(spec.scripts ?? [])].map((name) => services.assets.url(name)).filter((url) => url !== null);
  const bare = spec.layout === 'bare' || !visit.user;
  return {
    title: spec.title,
    width: spec.width === 'normal' || !spec.width ? '' : spec.width,
    theme: themeOf(visit),
    zone: visit.zone,
    now: services.engine.now(),
    csrf: csrfToken(visit.request),
    notice: takeNotice(visit),
    search: '',
    scripts,
    demo: services.demo,
    user: null,
    navigation: [],
    creatable: [],
    tabs: [],
    ...(bare || !visit.user ? {} : await framed(visit, visit.user, spec.current ?? '')),
  };
}
