/** What the API says and takes of comments, attachments and links. */
import { z } from 'zod';
import { recordFields } from './records.js';
import { count, hash, instant, named } from './words.js';

const comment = z.object({ id: z.uuid(), sequence: count, author: z.string(), at: instant, internal: z.boolean(), text: z.string() });
export const newComment = named('NewComment', z.strictObject({ text: z.string(), internal: z.boolean().default(false) }));
export const commentPage = named('CommentPage', z.object({ items: z.array(comment) }));
export const commented = named('Commented', z.object({ ...recordFields, comment }));

const attachment = z.object({
  id: z.uuid(),
  sequence: count,
  author: z.string(),
  at: instant,
  name: z.string(),
  type: z.string(),
  size: count,
  sha256: hash,
  href: z.string(),
});
export const attachmentPage = named('AttachmentPage', z.object({ items: z.array(attachment) }));
export const attached = named('Attached', z.object({ ...recordFields, attachment }));

const otherRecord = z.object({ id: z.uuid(), number: z.string(), process: z.string(), title: z.string(), paths: z.array(z.string()), status: z.string() });
export const linkPage = named(
  'LinkPage',
  z.object({ items: z.array(z.object({ name: z.string(), title: z.string(), direction: z.enum(['out', 'in']), record: otherRecord })) }),
);
export const newLink = named(
  'NewLink',
  z.strictObject({
    name: z.string().max(100),
    to: z.string().max(64).meta({ description: 'Id or number of the other record' }),
    remove: z.boolean().default(false),
  }),
);
