/** What people set for themselves: time zone, theme, stand-in and absence, password. */
import { DateTime } from 'luxon';
import { EngineError, type UserRow } from '../../engine/index.js';
import { field, options } from '../forms/fieldView.js';
import { isZone } from '../presenters/time.js';
import { type Route, signedIn } from '../web/route.js';
import { themeOf } from '../web/ui.js';
import type { Visit } from '../web/visit.js';
import { passwordProblem } from './passwords.js';
import { beginSession } from './sessions.js';

type Errors = { readonly [name: string]: string | null };

function me(visit: Visit): UserRow {
  if (!visit.user) throw new EngineError('NOT_SIGNED_IN');
  return visit.user;
}

function local(instant: number | null, zone: string): string {
  return instant === null ? '' : DateTime.fromMillis(instant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}

async function profileFields(visit: Visit, errors: Errors) {
  const user = me(visit);
  const others = (await visit.services.engine.users()).filter((other) => other.active && other.id !== user.id);
  const people = others.map(({ id, name }) => ({ value: id, title: name })).sort((a, b) => a.title.localeCompare(b.title, 'en'));
  const zones = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, title: zone.replaceAll('_', ' ') }));
  const typed = (name: string, kept: string): string => (visit.form.has(name) ? visit.form.text(name) : kept);
  return [
    field({
      name: 'zone',
      title: 'Time zone',
      hint: 'All times are shown in this zone.',
      kind: 'select',
      options: options(zones, typed('zone', user.zone ?? ''), 'As the server'),
      error: errors.zone ?? null,
    }),
    field({
      name: 'theme',
      title: 'Appearance',
      kind: 'radio',
      options: options(
        [
          { value: 'system', title: 'As my device' },
          { value: 'light', title: 'Light' },
          { value: 'dark', title: 'Dark' },
        ],
        typed('theme', themeOf(visit)),
      ),
    }),
    field({
      name: 'standIn',
      title: 'Stand-in',
      hint: 'Votes for you while you are away.',
      kind: 'select',
      options: options(people, typed('standIn', user.standIn ?? ''), 'Nobody'),
      error: errors.standIn ?? null,
    }),
    field({
      name: 'absentUntil',
      title: 'Away until',
      hint: 'Empty when you are here.',
      inputType: 'datetime-local',
      short: true,
      value: typed('absentUntil', local(user.absentUntil, visit.zone)),
      error: errors.absentUntil ?? null,
    }),
  ];
}

function passwordFields(errors: Errors) {
  const one = (name: string, title: string, autocomplete: string) =>
    field({ name, title, inputType: 'password', required: true, autocomplete, error: errors[name] ?? null });
  return [
    one('current', 'Present password', 'current-password'),
    one('password', 'New password', 'new-password'),
    one('again', 'New password once more', 'new-password'),
  ];
}

async function show(visit: Visit, errors: Errors = {}): Promise<void> {
  const user = me(visit);
  const titles = new Map((await visit.services.engine.roles()).map(({ role, title }) => [role, title]));
  const teams = (await visit.services.engine.teams()).filter(({ id }) => user.teams.includes(id)).map(({ title }) => title);
  await visit.page({
    view: 'auth/settings',
    title: 'Settings',
    current: '/settings',
    width: 'narrow',
    status: Object.values(errors).some(Boolean) ? 422 : 200,
    model: {
      name: user.name,
      id: user.id,
      roles: user.roles.map((role) => titles.get(role) ?? role),
      teams,
      profile: await profileFields(visit, errors),
      password: passwordFields(errors),
    },
  });
}

async function saveProfile(visit: Visit): Promise<void> {
  const { form, services } = visit;
  const user = me(visit);
  const [zone, standIn, away, theme] = [form.text('zone'), form.text('standIn'), form.text('absentUntil'), form.text('theme')];
  const until = away === '' ? null : DateTime.fromISO(away, { zone: zone && isZone(zone) ? zone : visit.zone });
  const errors = {
    zone: zone === '' || isZone(zone) ? null : 'There is no such time zone.',
    standIn: standIn === '' || (standIn !== user.id && (await services.engine.people.user(standIn))?.active) ? null : 'Choose somebody else who works here.',
    absentUntil: until === null || until.isValid ? null : 'Choose a date and a time.',
  };
  if (Object.values(errors).some(Boolean)) return show(visit, errors);
  await services.engine.people.saveUser({ ...user, zone: zone || null, standIn: standIn || null, absentUntil: until?.toMillis() ?? null });
  const kept = theme === 'light' || theme === 'dark';
  visit.response.cookie('charter-theme', kept ? theme : '', {
    path: '/',
    sameSite: 'lax',
    httpOnly: true,
    secure: services.config.secure,
    maxAge: kept ? 31_536_000_000 : 0,
  });
  visit.redirect('/settings', { tone: 'good', text: 'Your settings are saved.' });
}

async function savePassword(visit: Visit): Promise<void> {
  const { form, services } = visit;
  const user = me(visit);
  const fits = await services.passwords.fits(form.text('current').slice(0, 1024), user.passwordHash);
  const errors = {
    current: fits ? null : 'This is not your present password.',
    password: passwordProblem(form.text('password'), user),
    again: form.text('password') === form.text('again') ? null : 'The two passwords differ.',
  };
  if (Object.values(errors).some(Boolean)) return show(visit, errors);
  await services.engine.people.saveUser({ ...user, passwordHash: await services.passwords.hash(form.text('password')) });
  await services.engine.people.dropSessionsOf(user.id);
  services.log.info({ user: user.id }, 'password changed');
  await beginSession(visit.request, user.id, services.wall());
  visit.redirect('/settings', { tone: 'good', text: 'Your password is changed. Everywhere else you were signed out.' });
}

export function settingsRoutes(): readonly Route[] {
  return [
    { method: 'get', path: '/settings', allow: signedIn, handle: (visit) => show(visit) },
    { method: 'post', path: '/settings', allow: signedIn, handle: saveProfile },
    { method: 'post', path: '/settings/password', allow: signedIn, handle: savePassword },
  ];
}
