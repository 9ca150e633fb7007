/** People: list, create, change, new password. */
import { EngineError, type UserRow } from '../../engine/index.js';
import { generatePassword } from '../auth/passwords.js';
import { holds, type Route } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { type Errors, hasErrors, readUser, userFields } from './userForm.js';

const administrator = holds('administrator');
const crumbs = [{ href: '/admin/users', title: 'People' }];

async function existing(visit: Visit): Promise<UserRow> {
  const user = await visit.services.engine.people.user(visit.param('id'));
  if (!user) throw new EngineError('NOT_FOUND', { reason: 'There is no such person.' });
  return user;
}

async function list(visit: Visit): Promise<void> {
  const [users, teams] = await Promise.all([visit.services.engine.users(), visit.services.engine.teams()]);
  const titles = new Map(teams.map(({ id, title }) => [id, title]));
  const rows = [...users]
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((user) => ({
      id: user.id,
      name: user.name,
      email: user.email,
      roles: user.roles,
      teams: user.teams.map((team) => titles.get(team) ?? team),
      active: user.active,
      away: user.absentUntil !== null && user.absentUntil > visit.services.engine.now(),
    }));
  await visit.page({
    view: 'admin/users',
    title: 'People',
    current: '/admin/users',
    model: { rows, actions: [{ href: '/admin/users/new', title: 'New person', icon: 'plus', class: 'primary' }] },
  });
}

async function showForm(visit: Visit, user: UserRow | null, errors: Errors = {}): Promise<void> {
  const title = user?.name ?? 'New person';
  await visit.page({
    view: 'admin/user',
    title,
    current: '/admin/users',
    width: 'narrow',
    status: hasErrors(errors) ? 422 : 200,
    model: {
      title,
      crumbs,
      id: user?.id ?? null,
      action: user ? `/admin/users/${user.id}` : '/admin/users',
      button: user ? 'Save' : 'Create',
      fields: await userFields(visit, user, errors),
    },
  });
}

/** Shows a new password once; it is kept nowhere but as a hash. */
async function givePassword(visit: Visit, user: UserRow): Promise<void> {
  const { services } = visit;
  const password = generatePassword();
  await services.engine.people.saveUser({ ...user, passwordHash: await services.passwords.hash(password) });
  await services.engine.people.dropSessionsOf(user.id);
  services.log.info({ user: user.id, by: visit.actor.id }, 'password given');
  await visit.page({
    view: 'admin/password',
    title: 'New password',
    current: '/admin/users',
    width: 'narrow',
    model: { crumbs, id: user.id, name: user.name, password },
  });
}

async function create(visit: Visit): Promise<void> {
  const { input, errors } = await readUser(visit, null);
  if (hasErrors(errors)) return showForm(visit, null, errors);
  const { services } = visit;
  services.log.info({ user: input.id, roles: input.roles, by: visit.actor.id }, 'person created');
  await givePassword(visit, { ...input, passwordHash: null, zone: null, standIn: null, absentUntil: null, createdAt: services.wall() });
}

async function save(visit: Visit): Promise<void> {
  const user = await existing(visit);
  const { input, errors } = await readUser(visit, user);
  if (hasErrors(errors)) return showForm(visit, user, errors);
  const { people } = visit.services.engine;
  await people.saveUser({ ...user, ...input });
  if (!input.active) await people.dropSessionsOf(user.id);
  visit.services.log.info({ user: user.id, roles: input.roles, active: input.active, by: visit.actor.id }, 'person changed');
  visit.redirect('/admin/users', { tone: 'good', text: `${input.name} is saved.` });
}

export function userRoutes(): readonly Route[] {
  const route = (method: Route['method'], path: string, handle: Route['handle']): Route => ({ method, path, allow: administrator, handle });
  return [
    route('get', '/admin/users', list),
    route('get', '/admin/users/new', (visit) => showForm(visit, null)),
    route('post', '/admin/users', create),
    route('get', '/admin/users/:id', async (visit) => showForm(visit, await existing(visit))),
    route('post', '/admin/users/:id', save),
    route('post', '/admin/users/:id/password', async (visit) => givePassword(visit, await existing(visit))),
  ];
}
