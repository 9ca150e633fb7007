/** What the auditor's pages have in common: who may look, the tabs, exact instants. */
import { describeInstant } from '../presenters/time.js';
import { type Allow, holds } from '../web/route.js';

/** Auditors; administrators and process owners may look too. Nothing here writes to a record. */
export const looker: Allow = holds('auditor', 'administrator', 'process-owner');

/** Sealing adds to the store: an auditor does not, whatever other roles he holds. */
export const sealer: Allow = {
  name: 'administrator, not an auditor',
  test: (user) => (user?.roles.includes('auditor') ? 'forbidden' : holds('administrator').test(user)),
};

const tabs = [
  ['/audit', 'Overview'],
  ['/audit/history', 'History'],
  ['/audit/verify', 'Verification'],
  ['/audit/checkpoints', 'Checkpoints'],
  ['/audit/definitions', 'Definitions'],
  ['/audit/coverage', 'Coverage'],
] as const;

export type AuditTab = (typeof tabs)[number][0];

export function tabsOf(current: AuditTab | null): readonly { readonly href: string; readonly title: string; readonly current: boolean }[] {
  return tabs.map(([href, title]) => ({ href, title, current: href === current }));
}

export const short = (hash: string): string => hash.slice(0, 8);

export interface Exact {
  readonly iso: string;
  readonly date: string;
  readonly clock: string;
  readonly long: string;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** To the second, as an auditor needs it. */
export function exactly(at: number, zone: string): Exact {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  clocks.set(zone, clock);
  const { iso, date, long } = describeInstant(at, zone, at);
  return { iso, date, long, clock: clock.format(new Date(at)) };
}
