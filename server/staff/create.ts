/** Opening a record. */
import type { EngineError, FieldProblem, TransitionView } from '../../engine/index.js';
import { refusedAction } from '../presenters/actions.js';
import { wordsOf } from '../presenters/definitionWords.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { actionWords } from './actionWords.js';
import { idempotencyOf, newKey } from './once.js';
import { formSections } from './processForm.js';
import { readProcessForm, wantsForm } from './readForm.js';
import { isRefusal, refusalView } from './refusal.js';

interface Shown {
  readonly error?: EngineError;
  readonly problems?: readonly FieldProblem[];
}

async function show(visit: Visit, creation: TransitionView, shown: Shown = {}): Promise<void> {
  const definition = await visit.services.engine.definition(visit.param('key'), visit.actor);
  const words = wordsOf(definition);
  const told = await actionWords(visit, words);
  const refusal = shown.error ? refusalView(shown.error, told) : null;
  const fields = [...(shown.problems ?? []), ...(refusal?.fields ?? [])];
  const asked = new Set(creation.form.map(({ field }) => field));
  const path = `/process/${definition.summary.key}`;
  await visit.page({
    view: 'staff/create',
    title: creation.title,
    current: path,
    width: 'narrow',
    status: fields.length > 0 || refusal ? 422 : 200,
    model: {
      title: creation.title,
      lead: creation.description ?? definition.summary.description,
      crumbs: [{ href: path, title: definition.summary.plural }],
      action: `${path}/new`,
      cancel: path,
      once: newKey(),
      available: creation.available,
      refused: creation.available ? null : refusedAction(creation, told),
      sections: await formSections(visit, creation.form, definition, fields),
      refusal,
      summary: fields.map(({ field, message }) => ({ title: field ? words.fieldTitle(field) : null, message, id: asked.has(field) ? `field-${field}` : null })),
    },
  });
}

/** Values in the address fill the form: `/process/<key>/new?<field>=…`. */
function prefilled(visit: Visit, creation: TransitionView): TransitionView {
  const form = creation.form.map((asked) => {
    const given = asked.schema.type === 'string' || asked.schema.type === undefined ? visit.query(asked.field) : null;
    return given === null ? asked : { ...asked, value: given };
  });
  return { ...creation, form };
}

async function create(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const process = visit.param('key');
  const creation = await engine.creation(process, visit.actor);
  if (wantsForm(visit)) return show(visit, creation);
  const { data, problems } = await readProcessForm(visit, creation.form);
  if (problems.length > 0) return show(visit, creation, { problems });
  const idempotency = idempotencyOf(visit, `create ${process}`);
  try {
    const result = await engine.create({ process, data, actor: visit.actor, origin: 'person', ...(idempotency ? { idempotency } : {}) });
    const text = result.replayed ? 'This form had arrived before; it counted once.' : `${result.record.number} is open.`;
    visit.redirect(`/record/${result.record.number}`, { tone: result.replayed ? 'info' : 'good', text });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await show(visit, creation, { error });
  }
}

/** What this person may open, for the phone's "New". */
async function choose(visit: Visit): Promise<void> {
  const processes = (await visit.services.engine.processes(visit.actor)).filter(({ mayCreate }) => mayCreate);
  await visit.page({
    view: 'staff/new',
    title: 'New',
    current: '/new',
    model: { processes: processes.map(({ key, title, description }) => ({ href: `/process/${key}/new`, title, description })) },
  });
}

export function createRoutes(): readonly Route[] {
  const path = '/process/:key/new';
  return [
    { method: 'get', path: '/new', allow: signedIn, handle: choose },
    {
      method: 'get',
      path,
      allow: signedIn,
      handle: async (visit) => show(visit, prefilled(visit, await visit.services.engine.creation(visit.param('key'), visit.actor))),
    },
    { method: 'post', path, allow: signedIn, handle: create },
  ];
}
