/** Signing in and out. */
import { EngineError } from '../../engine/index.js';
import { field } from '../forms/fieldView.js';
import { requestIdOf } from '../web/attend.js';
import { ownPath } from '../web/ownPath.js';
import { anyone, type Route, signedIn } from '../web/route.js';
import type { Services } from '../web/services.js';
import type { Visit } from '../web/visit.js';
import { beginSession, endSession } from './sessions.js';
import { createSignInDelay, type SignInDelay } from './signInDelay.js';

interface Shown {
  readonly next: string;
  readonly problem: string | null;
  readonly status: number;
}

function show(visit: Visit, { next, problem, status }: Shown): Promise<void> {
  return visit.page({
    view: 'auth/signIn',
    title: 'Sign in',
    layout: 'bare',
    status,
    model: {
      next,
      problem,
      fields: [
        field({ name: 'name', title: 'Name', required: true, maxlength: 64, value: visit.form.text('name'), autocomplete: 'username' }),
        field({ name: 'password', title: 'Password', required: true, inputType: 'password', autocomplete: 'current-password' }),
      ],
    },
  });
}

/** Always hashes, whether there is such a user or not: the time taken tells nothing. */
async function prove(visit: Visit, name: string, delay: SignInDelay): Promise<string> {
  const { services, request, form } = visit;
  const tried = { account: name, address: request.ip ?? '' };
  await delay.admit(tried, services.wall());
  const user = await services.engine.people.user(name);
  const fits = await services.passwords.fits(form.text('password').slice(0, 1024), user?.active ? user.passwordHash : null).catch(async (error: unknown) => {
    await delay.takeBack(tried);
    throw error;
  });
  if (!user || !fits) {
    services.log.warn({ request: requestIdOf(visit.response), user: name.slice(0, 64), address: request.ip }, 'sign-in refused');
    throw new EngineError('SIGN_IN_FAILED');
  }
  await delay.succeeded(tried);
  services.log.info({ user: user.id, address: request.ip }, 'signed in');
  return user.id;
}

async function signIn(visit: Visit, delay: SignInDelay): Promise<void> {
  const next = ownPath(visit.form.text('next') || '/');
  try {
    const user = await prove(visit, visit.form.text('name').trim().toLowerCase(), delay);
    await beginSession(visit.request, user, visit.services.wall());
    visit.redirect(next);
  } catch (error) {
    if (!(error instanceof EngineError) || (error.code !== 'SIGN_IN_FAILED' && error.code !== 'TOO_MANY')) throw error;
    const wait = typeof error.facts.retryAfter === 'number' ? error.facts.retryAfter : null;
    if (wait !== null) visit.response.setHeader('Retry-After', String(wait));
    const problem = wait === null ? `${error.message} ${error.remedy}` : `${error.message} Wait ${wait} seconds and try again.`;
    await show(visit, { next, problem, status: wait === null ? 401 : 429 });
  }
}

export function signInRoutes({ engine }: Services): readonly Route[] {
  const delay = createSignInDelay(engine.store.limits);
  return [
    {
      method: 'get',
      path: '/sign-in',
      allow: anyone,
      handle: async (visit) => {
        const next = ownPath(visit.query('next') ?? '/');
        if (visit.user) visit.redirect(next);
        else await show(visit, { next, problem: null, status: 200 });
      },
    },
    { method: 'post', path: '/sign-in', allow: anyone, handle: (visit) => signIn(visit, delay) },
    {
      method: 'post',
      path: '/sign-out',
      allow: signedIn,
      handle: async ({ request, response }) => {
        await endSession(request);
        response.setHeader('Clear-Site-Data', '"cache"');
        response.redirect(303, '/sign-in');
      },
    },
  ];
}
