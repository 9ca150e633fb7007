/** What is kept beside a record: comments, attachments, links. Adding one is a step; the answer is the record after it, with what was added. */
import type { z } from 'zod';
import { EngineError, type StepResult } from '../../engine/index.js';
import { signedIn } from '../web/route.js';
import { type Answer, type Call, type Operation, operation } from './operation.js';
import { attachmentJson, commentJson, recordJson } from './present.js';
import { attached, attachmentPage, commented, commentPage, linkPage, newComment, newLink } from './shapes/notes.js';
import { record } from './shapes/records.js';

const MAX_FILE = 25 * 1024 * 1024;

/** What the step of this sequence added. */
function addedBy<Row extends { readonly sequence: number }>(rows: readonly Row[], { entry }: StepResult): Row {
  const row = rows.find(({ sequence }) => sequence === entry.sequence);
  if (!row) throw new EngineError('INTERNAL', { sequence: entry.sequence });
  return row;
}

async function comment({ engine, actor, body, once, param }: Call<unknown, z.output<typeof newComment>>): Promise<Answer> {
  const step = await engine.comment({ record: param('record'), actor, text: body.text, internal: body.internal, origin: 'api', ...once });
  const row = addedBy(await engine.comments(step.record.id, actor), step);
  return { status: 201, body: { ...recordJson(step.record), comment: commentJson(row) } };
}

async function attach({ engine, actor, visit, once, param }: Call<unknown, unknown>): Promise<Answer> {
  const { file } = visit.form;
  if (!file) throw new EngineError('DATA_INVALID', { fields: [{ field: 'file', message: 'A part of this name with a file is expected.' }] });
  const step = await engine.attach({ record: param('record'), actor, ...file, ...once });
  const row = addedBy(await engine.attachments(step.record.id, actor), step);
  return { status: 201, body: { ...recordJson(step.record), attachment: attachmentJson(row) } };
}

/** Never rendered by a browser: a download, of the type it was sent as, in a sandbox. */
async function download({ engine, actor, param }: Call<unknown, unknown>): Promise<Answer> {
  const { id } = await engine.record(param('record'), actor);
  const { row, content } = await engine.attachment(param('attachment'), actor);
  if (row.record !== id) throw new EngineError('NOT_FOUND', { attachment: param('attachment') });
  const plain = row.name.replaceAll(/[^\w. -]/gu, '_');
  const headers = {
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(row.name).replaceAll(/['()*]/gu, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
  };
  return { status: 200, body: Buffer.from(content), type: row.type, headers };
}

async function link({ engine, actor, body, once, param }: Call<unknown, z.output<typeof newLink>>): Promise<Answer> {
  const step = await engine.link({ record: param('record'), actor, ...body, ...once });
  return { status: body.remove ? 200 : 201, body: recordJson(step.record) };
}

const about = { tag: 'Notes and links', allow: signedIn } as const;
const paths = {
  comments: '/api/v1/records/:record/comments',
  attachments: '/api/v1/records/:record/attachments',
  links: '/api/v1/records/:record/links',
} as const;

function listings(): readonly Operation[] {
  return [
    operation({
      ...about,
      name: 'listComments',
      method: 'get',
      path: paths.comments,
      summary: 'Comments you may see, oldest first',
      answers: { 200: { description: 'All of them', shape: commentPage } },
      handle: async ({ engine, actor, param }) => ({ status: 200, body: { items: (await engine.comments(param('record'), actor)).map(commentJson) } }),
    }),
    operation({
      ...about,
      name: 'listAttachments',
      method: 'get',
      path: paths.attachments,
      summary: 'Attachments',
      answers: { 200: { description: 'All of them', shape: attachmentPage } },
      handle: async ({ engine, actor, param }) => ({ status: 200, body: { items: (await engine.attachments(param('record'), actor)).map(attachmentJson) } }),
    }),
    operation({
      ...about,
      name: 'listLinks',
      method: 'get',
      path: paths.links,
      summary: 'Links to and from records you may see',
      answers: { 200: { description: 'All of them', shape: linkPage } },
      handle: async ({ engine, actor, param }) => ({ status: 200, body: { items: await engine.links(param('record'), actor) } }),
    }),
  ];
}

export function noteOperations(): readonly Operation[] {
  return [
    ...listings(),
    operation({
      ...about,
      name: 'addComment',
      method: 'post',
      path: paths.comments,
      summary: 'Write a comment',
      body: newComment,
      repeat: 'step',
      problems: [409],
      answers: { 201: { description: 'The record after the step, with the comment', shape: commented } },
      handle: comment,
    }),
    operation({
      ...about,
      name: 'addAttachment',
      method: 'post',
      path: paths.attachments,
      summary: 'Attach a file',
      upload: MAX_FILE,
      repeat: 'step',
      problems: [409],
      answers: { 201: { description: 'The record after the step, with the attachment', shape: attached } },
      handle: attach,
    }),
    operation({
      ...about,
      name: 'downloadAttachment',
      method: 'get',
      path: `${paths.attachments}/:attachment`,
      summary: 'The file, as a download',
      answers: { 200: { description: 'Its bytes, of the type it was sent as', type: '*/*' } },
      handle: download,
    }),
    operation({
      ...about,
      name: 'addLink',
      method: 'post',
      path: paths.links,
      summary: 'Link to another record, or remove such a link',
      body: newLink,
      repeat: 'step',
      problems: [409],
      answers: {
        200: { description: 'The record after the link was removed', shape: record },
        201: { description: 'The record after the link was made', shape: record },
      },
      handle: link,
    }),
  ];
}
