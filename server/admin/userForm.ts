/** The form of a person, as administrators fill it. */

import type { UserRow } from '../../engine/index.js';
import { userIdPattern } from '../auth/setUp.js';
import { type FieldView, field, options } from '../forms/fieldView.js';
import type { Visit } from '../web/visit.js';

export type Errors = { readonly [name: string]: string | null };

export interface UserInput {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly active: boolean;
}

export function hasErrors(errors: Errors): boolean {
  return Object.values(errors).some(Boolean);
}

/** The fields, with what was typed or, for somebody who exists, what is kept. */
export async function userFields(visit: Visit, user: UserRow | null, errors: Errors): Promise<readonly FieldView[]> {
  const { form, services } = visit;
  const [roles, teams] = await Promise.all([services.engine.roles(), services.engine.teams()]);
  const typed = form.has('name');
  const text = (name: string, kept: string): string => (typed ? form.text(name) : kept);
  const many = (name: string, kept: readonly string[]): readonly string[] => (typed ? form.all(name) : kept);
  const id = field({
    name: 'id',
    title: 'Sign-in name',
    hint: 'Small letters, digits, dots and dashes; can not be changed later.',
    required: true,
    maxlength: 64,
    value: text('id', ''),
    error: errors.id ?? null,
  });
  return [
    field({ name: 'name', title: 'Name', required: true, maxlength: 100, value: text('name', user?.name ?? ''), error: errors.name ?? null }),
    ...(user ? [] : [id]),
    field({ name: 'email', title: 'E-mail', inputType: 'email', maxlength: 254, value: text('email', user?.email ?? ''), error: errors.email ?? null }),
    field({
      name: 'roles',
      title: 'Roles',
      kind: 'checks',
      error: errors.roles ?? null,
      options: options(
        roles.map(({ role, title, description }) => ({ value: role, title, description })),
        many('roles', user?.roles ?? []),
      ),
    }),
    field({
      name: 'teams',
      title: 'Teams',
      kind: 'checks',
      error: errors.teams ?? null,
      options: options(
        teams.map(({ id: value, title }) => ({ value, title })),
        many('teams', user?.teams ?? []),
      ),
    }),
    ...(user
      ? [
          field({
            name: 'active',
            title: 'May sign in',
            kind: 'checkbox',
            value: typed ? form.all('active').includes('true') : user.active,
            error: errors.active ?? null,
          }),
        ]
      : []),
  ];
}

/** What was typed, and what is wrong with it. */
export async function readUser(visit: Visit, existing: UserRow | null): Promise<{ readonly input: UserInput; readonly errors: Errors }> {
  const { form, services } = visit;
  const [roles, teams] = await Promise.all([services.engine.roles(), services.engine.teams()]);
  const picked = (name: string): readonly string[] => form.all(name).filter((value) => value !== '');
  const input: UserInput = {
    id: existing?.id ?? form.text('id').trim(),
    name: form.text('name').trim(),
    email: form.text('email').trim() || null,
    roles: picked('roles'),
    teams: picked('teams'),
    active: existing === null || form.all('active').includes('true'),
  };
  const taken = existing === null && (await services.engine.people.user(input.id)) !== null;
  const self = existing !== null && existing.id === visit.user?.id;
  const errors: Errors = {
    id: !userIdPattern.test(input.id)
      ? 'Begin with a small letter or a digit; then small letters, digits, dots and dashes.'
      : taken
        ? 'Somebody has this name already.'
        : null,
    name: input.name === '' || input.name.length > 100 ? 'Give a name of at most 100 characters.' : null,
    email: input.email === null || /^[^\s@]+@[^\s@]+$/u.test(input.email) ? null : 'This is not an e-mail address.',
    roles: input.roles.some((role) => !roles.some((known) => known.role === role))
      ? 'Choose from the roles that are listed.'
      : self && !input.roles.includes('administrator')
        ? 'You can not take away your own right to administer.'
        : null,
    teams: input.teams.some((team) => !teams.some((known) => known.id === team)) ? 'Choose from the teams that are listed.' : null,
    active: self && !input.active ? 'You can not lock yourself out.' : null,
  };
  return { input, errors };
}
