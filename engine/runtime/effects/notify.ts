/** Notifications by mail. Texts are substituted, never compiled: `{{record.field}}`, `{{record.number}}`, `{{name of a parameter}}`. */
import { createTransport, type Transporter } from 'nodemailer';
import type { Program } from '../../core/program.js';
import type { MessagesFile } from '../../definitions/authored.js';
import type { RecordStore } from '../../store/types.js';
import type { Json, JsonObject, RecordState } from '../../types.js';
import type { DefinitionLibrary } from '../definitionLibrary.js';
import type { Directory } from '../directory.js';
import type { Deliver } from './deliver.js';

/** Milliseconds; the library's own are minutes. */
const patienceWithMail = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

interface NotifyParts {
  readonly records: RecordStore;
  readonly library: DefinitionLibrary;
  readonly directory: Directory;
  /** `smtp://…`; null: messages are not sent, and count as delivered. */
  readonly smtpUrl: string | null;
  readonly from: string;
}

export function createNotifyDelivery(parts: NotifyParts): Deliver {
  const mail: Transporter | null = parts.smtpUrl === null ? null : createTransport({ url: parts.smtpUrl, ...patienceWithMail });
  return async (effect, queued) => {
    if (effect.type !== 'notify' || !mail) return;
    const row = await parts.records.byId(queued.record);
    if (!row) return;
    const program = await parts.library.load(row.record.definition);
    const { subject, text } = messageOf(program, effect.message, { record: row.record, params: effect.params });
    const addresses = addressesOf(effect.to, parts.directory);
    if (addresses.length === 0) return;
    await mail.sendMail({ from: parts.from, bcc: [...addresses], subject, text, messageId: `<${queued.key.replace(':', '.')}@charter>` });
  };
}

/** Addresses of users, `role:<name>` and `team:<id>`. */
function addressesOf(recipients: readonly string[], directory: Directory): readonly string[] {
  const found = recipients.flatMap((recipient) => {
    if (recipient.startsWith('role:')) return directory.holders(recipient.slice(5)).map((id) => directory.email(id));
    if (!recipient.startsWith('team:')) return [directory.email(recipient) ?? directory.teamEmail(recipient)];
    const team = recipient.slice(5);
    const own = directory.teamEmail(team);
    return own ? [own] : directory.members(team).map((id) => directory.email(id));
  });
  return [...new Set(found.filter((address): address is string => address !== null))];
}

/** Subject and text of a message of the record's own definition version. */
function messageOf(program: Program, name: string, around: { record: RecordState; params: JsonObject }): { subject: string; text: string } {
  const own = program.files['messages.json'];
  const shared = Object.values(program.policy).flatMap((file) => (file.kind === 'messages' ? [file.messages] : []));
  const found = [own, ...shared].flatMap((messages: MessagesFile | undefined) => (messages && Object.hasOwn(messages, name) ? [messages[name]] : []))[0];
  const message =
    found === undefined ? { subject: '{{record.number}}', text: name } : typeof found === 'string' ? { subject: '{{record.number}}', text: found } : found;
  return { subject: substitute(message.subject, around).replaceAll(/[\r\n]+/g, ' '), text: substitute(message.text, around) };
}

function substitute(text: string, { record, params }: { record: RecordState; params: JsonObject }): string {
  const own: JsonObject = {
    ...record.data,
    number: record.number,
    createdBy: record.createdBy,
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
  };
  return text.replaceAll(PLACE, (_whole, path: string) => {
    const [root = '', ...rest] = path.split('.');
    return inWords(valueAt(root === 'record' ? own : params, root === 'record' ? rest : [root, ...rest]));
  });
}

/** `{{record.field}}`, or the name of a parameter of `notify`; dots lead into what they hold. */
const PLACE = /\{\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*\}\}/g;

function valueAt(source: Json, path: readonly string[]): Json {
  return path.reduce<Json>(
    (value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? ((value as JsonObject)[key] ?? null) : null),
    source,
  );
}

function inWords(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
