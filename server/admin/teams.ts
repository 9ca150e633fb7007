/** Teams: list, create, change. */
import { EngineError, type TeamRow } from '../../engine/index.js';
import { field } from '../forms/fieldView.js';
import { holds, type Route } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { type Errors, hasErrors } from './userForm.js';

const administrator = holds('administrator');

async function list(visit: Visit): Promise<void> {
  const [teams, users] = await Promise.all([visit.services.engine.teams(), visit.services.engine.users()]);
  const rows = [...teams]
    .sort((a, b) => a.title.localeCompare(b.title, 'en'))
    .map((team) => ({ ...team, members: users.filter((user) => user.active && user.teams.includes(team.id)).map(({ name }) => name) }));
  await visit.page({
    view: 'admin/teams',
    title: 'Teams',
    current: '/admin/teams',
    model: { rows, actions: [{ href: '/admin/teams/new', title: 'New team', icon: 'plus', class: 'primary' }] },
  });
}

async function showForm(visit: Visit, team: TeamRow | null, errors: Errors = {}): Promise<void> {
  const { form } = visit;
  const text = (name: string, kept: string): string => (form.has('title') ? form.text(name) : kept);
  const id = field({
    name: 'id',
    title: 'Key',
    hint: 'Small letters, digits and dashes; rules name the team by it.',
    required: true,
    maxlength: 64,
    value: text('id', ''),
    error: errors.id ?? null,
  });
  const fields = [
    field({ name: 'title', title: 'Name', required: true, maxlength: 100, value: text('title', team?.title ?? ''), error: errors.title ?? null }),
    ...(team ? [] : [id]),
    field({
      name: 'email',
      title: 'E-mail of the team',
      inputType: 'email',
      maxlength: 254,
      value: text('email', team?.email ?? ''),
      error: errors.email ?? null,
    }),
  ];
  const title = team?.title ?? 'New team';
  await visit.page({
    view: 'admin/team',
    title,
    current: '/admin/teams',
    width: 'narrow',
    status: hasErrors(errors) ? 422 : 200,
    model: {
      title,
      crumbs: [{ href: '/admin/teams', title: 'Teams' }],
      action: team ? `/admin/teams/${team.id}` : '/admin/teams',
      button: team ? 'Save' : 'Create',
      fields,
    },
  });
}

async function find(visit: Visit): Promise<TeamRow> {
  const team = (await visit.services.engine.teams()).find(({ id }) => id === visit.param('id'));
  if (!team) throw new EngineError('NOT_FOUND', { reason: 'There is no such team.' });
  return team;
}

async function save(visit: Visit, team: TeamRow | null): Promise<void> {
  const { form, services } = visit;
  const input = { id: team?.id ?? form.text('id').trim(), title: form.text('title').trim(), email: form.text('email').trim() || null };
  const taken = team === null && (await services.engine.teams()).some(({ id }) => id === input.id);
  const errors: Errors = {
    id: !/^[a-z][a-z0-9-]{0,63}$/u.test(input.id)
      ? 'Begin with a small letter; then small letters, digits and dashes.'
      : taken
        ? 'There is such a team already.'
        : null,
    title: input.title === '' || input.title.length > 100 ? 'Give a name of at most 100 characters.' : null,
    email: input.email === null || /^[^\s@]+@[^\s@]+$/u.test(input.email) ? null : 'This is not an e-mail address.',
  };
  if (hasErrors(errors)) return showForm(visit, team, errors);
  await services.engine.people.saveTeam(input);
  services.log.info({ team: input.id, by: visit.actor.id }, 'team saved');
  visit.redirect('/admin/teams', { tone: 'good', text: `${input.title} is saved.` });
}

export function teamRoutes(): readonly Route[] {
  const route = (method: Route['method'], path: string, handle: Route['handle']): Route => ({ method, path, allow: administrator, handle });
  return [
    route('get', '/admin/teams', list),
    route('get', '/admin/teams/new', (visit) => showForm(visit, null)),
    route('post', '/admin/teams', (visit) => save(visit, null)),
    route('get', '/admin/teams/:id', async (visit) => showForm(visit, await find(visit))),
    route('post', '/admin/teams/:id', async (visit) => save(visit, await find(visit))),
  ];
}
