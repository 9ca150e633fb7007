/** Taking a step: its form on a page, and what comes of sending it. */
import { EngineError, type FieldProblem, type RecordView, type TransitionView } from '../../engine/index.js';
import { refusedAction } from '../presenters/actions.js';
import { readAround } from '../queries/reading.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { actionWords } from './actionWords.js';
import { readConflict } from './conflict.js';
import { idempotencyOf, newKey } from './once.js';
import { formSections } from './processForm.js';
import { readProcessForm, wantsForm } from './readForm.js';
import { stepPath } from './recordActions.js';
import { recordHead } from './recordHead.js';
import { isRefusal, refusalView } from './refusal.js';

interface Found {
  readonly record: RecordView;
  readonly transition: TransitionView;
}

interface Shown {
  readonly error?: EngineError;
  readonly problems?: readonly FieldProblem[];
  /** The version the refused form was made for. */
  readonly staleSince?: number;
}

/** @throws EngineError EVENT_NOT_ACCEPTED when the record's state does not know the event (any more). */
async function find(visit: Visit): Promise<Found> {
  const { engine } = visit.services;
  const record = await engine.record(visit.param('number'), visit.actor);
  const type = visit.param('event');
  const transition = (await engine.transitions(record.id, visit.actor)).find((candidate) => candidate.type === type);
  if (!transition) throw new EngineError(record.status === 'done' ? 'RECORD_FINISHED' : 'EVENT_NOT_ACCEPTED', { event: type, number: record.number });
  return { record, transition };
}

async function show(visit: Visit, { record, transition }: Found, shown: Shown = {}): Promise<void> {
  const reading = await readAround(visit, [record]);
  const words = reading.words(record);
  const told = await actionWords(visit, words);
  const refusal = shown.error ? refusalView(shown.error, told) : null;
  const fields = [...(shown.problems ?? []), ...(refusal?.fields ?? [])];
  const asked = new Set(transition.form.map(({ field }) => field));
  const conflict = shown.staleSince === undefined ? null : await readConflict(visit, record, { reading, asked: transition.form, since: shown.staleSince });
  await visit.page({
    view: 'staff/step',
    title: `${transition.title} · ${record.number}`,
    current: `/process/${record.process}`,
    width: 'narrow',
    status: conflict ? 409 : fields.length > 0 || refusal ? 422 : 200,
    model: {
      head: recordHead(record, reading),
      title: transition.title,
      description: transition.description,
      help: transition.help,
      targets: transition.targets.length > 0 ? transition.targets.join(', ') : null,
      button: transition.emphasis ?? 'primary',
      action: stepPath(record, transition.type),
      version: record.version,
      once: newKey(),
      available: transition.available,
      refused: transition.available ? null : refusedAction(transition, told),
      sections: await formSections(conflict ? { ...visit, form: conflict.form } : visit, transition.form, reading.definition(record), fields),
      refusal,
      conflict: conflict?.view ?? null,
      summary: fields.map(({ field, message }) => ({ title: field ? words.fieldTitle(field) : null, message, id: asked.has(field) ? `field-${field}` : null })),
    },
  });
}

function sentVersion(visit: Visit): number | undefined {
  const text = visit.form.text('_version');
  return /^\d{1,9}$/u.test(text) ? Number(text) : undefined;
}

async function take(visit: Visit): Promise<void> {
  const found = await find(visit);
  if (wantsForm(visit)) return show(visit, found);
  const { record, transition } = found;
  const version = sentVersion(visit);
  const { data, problems } = await readProcessForm(visit, transition.form);
  if (problems.length > 0) return show(visit, found, { problems });
  const idempotency = idempotencyOf(visit, stepPath(record, transition.type));
  try {
    const result = await visit.services.engine.send({
      record: record.id,
      type: transition.type,
      data,
      actor: visit.actor,
      origin: 'person',
      ...(version === undefined ? {} : { version }),
      ...(idempotency ? { idempotency } : {}),
    });
    const text = result.replayed ? 'This form had arrived before; it counted once.' : `${transition.title}: done.`;
    visit.redirect(`/record/${result.record.number}`, { tone: result.replayed ? 'info' : 'good', text });
  } catch (error) {
    if (error instanceof EngineError && error.code === 'VERSION_STALE') return show(visit, await find(visit), { staleSince: version ?? 0 });
    if (!isRefusal(error)) throw error;
    await show(visit, await find(visit).catch(() => found), { error });
  }
}

/** A repeated form finds its first answer even when that step moved the record to where the event is not accepted any more. */
async function takeOrRepeat(visit: Visit): Promise<void> {
  try {
    await take(visit);
  } catch (error) {
    if (!(error instanceof EngineError) || (error.code !== 'EVENT_NOT_ACCEPTED' && error.code !== 'RECORD_FINISHED')) throw error;
    const [number, type] = [visit.param('number'), visit.param('event')];
    const idempotency = idempotencyOf(visit, `/record/${number}/step/${encodeURIComponent(type)}`);
    if (!idempotency) throw error;
    const result = await visit.services.engine.send({ record: number, type, data: {}, actor: visit.actor, origin: 'person', idempotency });
    visit.redirect(`/record/${result.record.number}`, { tone: 'info', text: 'This form had arrived before; it counted once.' });
  }
}

export function stepRoutes(): readonly Route[] {
  const path = '/record/:number/step/:event';
  return [
    { method: 'get', path, allow: signedIn, handle: async (visit) => show(visit, await find(visit)) },
    { method: 'post', path, allow: signedIn, handle: takeOrRepeat },
  ];
}
