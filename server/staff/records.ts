/** A record's page and the small forms on it: comments, files, links. */
import { EngineError } from '../../engine/index.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { showConnections } from './connections.js';
import { idempotencyOf } from './once.js';
import { showDrawing, showRecord, type TalkProblem } from './recordPage.js';
import { fieldsOf, isRefusal } from './refusal.js';

const UPLOAD_LIMIT = 20 * 1024 * 1024;

async function show(visit: Visit): Promise<void> {
  const record = await visit.services.engine.record(visit.param('number'), visit.actor);
  if (visit.param('number') !== record.number) return visit.redirect(`/record/${record.number}`);
  await showRecord(visit, record);
}

/** Does `work`; what it refuses is shown at the small form it came from. */
async function attempt(visit: Visit, name: keyof TalkProblem, work: (number: string) => Promise<string>): Promise<void> {
  const number = visit.param('number');
  try {
    const text = await work(number);
    visit.redirect(`/record/${number}#activity`, { tone: 'good', text });
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof EngineError && error.code === 'RECORD_NOT_FOUND')) throw error;
    const record = await visit.services.engine.record(number, visit.actor);
    const reason = fieldsOf(error)[0]?.message ?? (typeof error.facts.reason === 'string' ? error.facts.reason : null);
    await showRecord(visit, record, { [name]: reason ?? `${error.message} ${error.remedy}` });
  }
}

function once(visit: Visit, what: string) {
  const idempotency = idempotencyOf(visit, `${visit.param('number')}/${what}`);
  return idempotency ? { idempotency } : {};
}

function comment(visit: Visit): Promise<void> {
  return attempt(visit, 'comment', async (record) => {
    const internal = visit.form.text('internal') === 'true';
    await visit.services.engine.comment({ record, actor: visit.actor, text: visit.form.text('text'), internal, ...once(visit, 'comment') });
    return internal ? 'Your internal note is kept.' : 'Your comment is there.';
  });
}

function attach(visit: Visit): Promise<void> {
  return attempt(visit, 'file', async (record) => {
    const { file } = visit.form;
    if (!file || file.content.length === 0) throw new EngineError('DATA_INVALID', { fields: [{ field: 'file', message: 'Choose a file that is not empty.' }] });
    await visit.services.engine.attach({ record, actor: visit.actor, name: file.name, type: file.type, content: file.content, ...once(visit, 'attach') });
    return `${file.name} is attached.`;
  });
}

function link(visit: Visit): Promise<void> {
  return attempt(visit, 'link', async (record) => {
    const { form, services, actor } = visit;
    const remove = form.text('remove') === 'true';
    const typed = form.text('to').trim();
    const other = await services.engine.record(/^[0-9a-f-]{36}$/u.test(typed) ? typed : typed.toUpperCase(), actor);
    await services.engine.link({ record, actor, name: form.text('name'), to: other.id, remove, ...once(visit, 'link') });
    return remove ? `The link to ${other.number} is removed.` : `Linked with ${other.number}.`;
  });
}

/** Sends a file as a download that no browser renders: no type it could run, no frame, no scripts. */
async function download(visit: Visit): Promise<void> {
  const { row, content } = await visit.services.engine.attachment(visit.param('id'), visit.actor);
  const { response } = visit;
  const plain = row.name.replaceAll(/[^\w. -]/gu, '_');
  response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('Content-Disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(row.name).replaceAll("'", '%27')}`);
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.setHeader('Cache-Control', 'private, no-store');
  response.end(Buffer.from(content));
}

export function recordRoutes(): readonly Route[] {
  return [
    { method: 'get', path: '/record/:number', allow: signedIn, handle: show },
    {
      method: 'get',
      path: '/record/:number/drawing',
      allow: signedIn,
      handle: async (visit) => showDrawing(visit, await visit.services.engine.record(visit.param('number'), visit.actor)),
    },
    { method: 'get', path: '/record/:number/connections', allow: signedIn, handle: showConnections },
    { method: 'post', path: '/record/:number/comments', allow: signedIn, handle: comment },
    { method: 'post', path: '/record/:number/attachments', allow: signedIn, upload: UPLOAD_LIMIT, handle: attach },
    { method: 'post', path: '/record/:number/links', allow: signedIn, handle: link },
    { method: 'get', path: '/attachments/:id', allow: signedIn, handle: download },
  ];
}
