/**
 * The first start without users: whoever has the link printed at start makes the first administrator, and the link dies with that. It is made of the
 * secret key, so all servers of an installation print and take the same one.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { EngineError, type RunningEngine } from '../../engine/index.js';
import { field } from '../forms/fieldView.js';
import { anyone, type Route } from '../web/route.js';
import type { Services } from '../web/services.js';
import type { Visit } from '../web/visit.js';
import { passwordProblem } from './passwords.js';
import { beginSession } from './sessions.js';

export interface SetUp {
  /** Path with token to print, or null when there are users. */
  readonly path: string | null;
  /** Whether the token opens the page now. */
  admits(token: string): Promise<boolean>;
  /** Does what only one person on one server may do at a time. @throws EngineError BUSY while another does it. */
  alone(work: () => Promise<void>): Promise<void>;
}

const LEASE = 'set-up';
const LEASE_MS = 30_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A one-time link when there is nobody who could sign in. */
export async function createSetUp({ people, leases }: Pick<RunningEngine, 'people' | 'leases'>, secretKey: string): Promise<SetUp> {
  const token = createHmac('sha256', secretKey).update('charter set-up link').digest().subarray(0, 24).toString('base64url');
  const nobody = async (): Promise<boolean> => (await people.users()).length === 0;
  return {
    path: (await nobody()) ? `/set-up?token=${token}` : null,
    admits: async (given) => timingSafeEqual(digest(given), digest(token)) && (await nobody()),
    async alone(work) {
      const done = await leases.withLease(LEASE, LEASE_MS, async () => {
        await work();
        return true;
      });
      if (done === null) throw new EngineError('BUSY', { what: 'set-up', retryAfter: 1 });
    },
  };
}

/** Lower-case letters and digits, as user ids are everywhere. */
export const userIdPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/u;

async function refuseUnlessAdmitted(setUp: SetUp, token: string): Promise<void> {
  if (!(await setUp.admits(token))) throw new EngineError('NOT_FOUND', { reason: 'This set-up link is not valid, or an administrator was made already.' });
}

function show(visit: Visit, token: string, errors: { readonly [name: string]: string | null } = {}): Promise<void> {
  const { form } = visit;
  return visit.page({
    view: 'auth/setUp',
    title: 'Set up',
    layout: 'bare',
    status: Object.values(errors).some(Boolean) ? 422 : 200,
    model: {
      token,
      fields: [
        field({ name: 'name', title: 'Your name', required: true, maxlength: 100, value: form.text('name'), error: errors.name ?? null, autocomplete: 'name' }),
        field({
          name: 'id',
          title: 'Sign-in name',
          hint: 'Small letters, digits, dots and dashes.',
          required: true,
          maxlength: 64,
          value: form.text('id'),
          error: errors.id ?? null,
          autocomplete: 'username',
        }),
        field({
          name: 'password',
          title: 'Password',
          hint: 'At least 12 characters; several words are best.',
          inputType: 'password',
          required: true,
          error: errors.password ?? null,
          autocomplete: 'new-password',
        }),
        field({ name: 'again', title: 'Password once more', inputType: 'password', required: true, error: errors.again ?? null, autocomplete: 'new-password' }),
      ],
    },
  });
}

async function create(visit: Visit, setUp: SetUp): Promise<void> {
  const { form, services } = visit;
  const token = form.text('token');
  await refuseUnlessAdmitted(setUp, token);
  const [name, id, password] = [form.text('name').trim(), form.text('id').trim(), form.text('password')];
  const errors = {
    name: name === '' || name.length > 100 ? 'Say your name.' : null,
    id: userIdPattern.test(id) ? null : 'Begin with a small letter or a digit; then small letters, digits, dots and dashes.',
    password: passwordProblem(password, { id: id || 'x', name }),
    again: password === form.text('again') ? null : 'The two passwords differ.',
  };
  if (Object.values(errors).some(Boolean)) return show(visit, token, errors);
  const roles = ['administrator', 'process-owner', 'auditor'];
  const passwordHash = await services.passwords.hash(password);
  const createdAt = services.wall();
  await setUp.alone(async () => {
    await refuseUnlessAdmitted(setUp, token);
    await services.engine.people.saveUser({
      id,
      name,
      email: null,
      passwordHash,
      roles,
      teams: [],
      zone: null,
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt,
    });
  });
  services.log.info({ user: id }, 'first administrator created');
  await beginSession(visit.request, id, services.wall());
  visit.redirect('/admin/users', { tone: 'good', text: `Welcome, ${name}. Next: create the people who will work here, and their teams.` });
}

export function setUpRoutes(services: Services): readonly Route[] {
  const { setUp } = services;
  return [
    {
      method: 'get',
      path: '/set-up',
      allow: anyone,
      handle: async (visit) => {
        const token = visit.query('token') ?? '';
        await refuseUnlessAdmitted(setUp, token);
        await show(visit, token);
      },
    },
    { method: 'post', path: '/set-up', allow: anyone, handle: (visit) => create(visit, setUp) },
  ];
}
