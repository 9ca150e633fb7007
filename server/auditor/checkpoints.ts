/** Checkpoints: signed seals over the ends of all histories, to be kept outside, and held against the store later. */
import { z } from 'zod';
import { type CheckpointRow, EngineError } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';
import { sendAs } from './exports.js';
import { sealer, tabsOf } from './frame.js';
import type { Verifications } from './verifications.js';

/** Large enough for a million records. */
export const KEPT_LIMIT = 128 * 1024 * 1024;
const FORMAT = 'charter checkpoint 1';

const fileShape = z.object({
  format: z.literal(FORMAT),
  sequence: z.int().min(1),
  at: z.int(),
  records: z.int().min(0),
  entries: z.int().min(0),
  root: z.string().regex(/^[0-9a-f]{64}$/u),
  signature: z.string().max(200),
  publicKey: z.string().max(200),
  heads: z.array(z.tuple([z.string().max(64), z.int(), z.string().max(64)])),
});

export async function listCheckpoints(visit: Visit): Promise<void> {
  return showList(visit, null);
}

async function showList(visit: Visit, error: string | null): Promise<void> {
  const checkpoints = await visit.services.engine.checkpoints();
  await visit.page({
    view: 'auditor/checkpoints',
    title: 'Checkpoints',
    current: '/audit',
    status: error === null ? 200 : 422,
    model: {
      tabs: tabsOf('/audit/checkpoints'),
      rows: checkpoints.map((row) => ({ ...row, href: `/audit/checkpoints/${row.sequence}` })),
      publicKey: checkpoints[0]?.publicKey ?? null,
      maySeal: sealer.test(visit.user) === 'yes',
      error,
    },
  });
}

/** Adds a checkpoint; the records themselves are not touched. */
export async function seal(visit: Visit): Promise<void> {
  const { sequence } = await visit.services.engine.checkpoint();
  visit.services.log.info({ by: visit.actor.id, checkpoint: sequence }, 'checkpoint made');
  visit.redirect('/audit/checkpoints', { tone: 'good', text: `Checkpoint ${sequence} is made. Keep its file somewhere else.` });
}

export async function sendCheckpoint(visit: Visit): Promise<void> {
  const given = visit.param('sequence');
  if (!/^[1-9]\d{0,8}$/u.test(given)) throw new EngineError('NOT_FOUND', { checkpoint: given });
  const row = await visit.services.engine.checkpointFile(Number(given));
  const { sequence, at, records, entries, root, signature, publicKey } = row;
  sendAs(visit.response, `charter-checkpoint-${sequence}-${new Date(at).toISOString().slice(0, 10)}.json`, 'application/json; charset=utf-8');
  const about = JSON.stringify({ format: FORMAT, sequence, at, records, entries, root, signature, publicKey }, null, 2);
  visit.response.end(`${about.slice(0, -2)},\n  "heads": ${row.heads}\n}\n`);
}

/** @returns null when the file is no checkpoint of Charter. */
function readKept(content: Uint8Array): CheckpointRow | null {
  try {
    const { format: _, heads, ...row } = fileShape.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)));
    return { ...row, heads: JSON.stringify(heads) };
  } catch {
    return null;
  }
}

/** Holds a file that was kept outside against what is here now. */
export const compareKept =
  (verifications: Verifications) =>
  async (visit: Visit): Promise<void> => {
    const { file } = visit.form;
    const kept = file && file.content.length > 0 ? readKept(file.content) : null;
    if (!kept)
      return showList(visit, file && file.content.length > 0 ? 'This is not the file of a checkpoint, or it is damaged.' : 'Choose the file of a checkpoint.');
    const { run, fresh } = await verifications.start({ by: visit.actor.id, kept: [kept] });
    if (!fresh)
      return visit.redirect('/audit/checkpoints', {
        tone: 'warning',
        text: 'Another verification is running. Wait until it is done, then choose the file again.',
      });
    visit.services.log.info({ by: visit.actor.id, checkpoint: kept.sequence }, 'verification with a kept checkpoint started');
    visit.redirect(`/audit/verify/${run.id}`);
  };
