/** What a backup says of itself: every file with its size and SHA-256. It comes last, so that a cut backup has none. */
import { z } from 'zod';

export const MANIFEST = 'manifest.json';
export const DATABASE = 'charter.sqlite';
export const SECRET = 'secret.key';

const file = z.strictObject({ path: z.string(), size: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/u) });

export const manifestShape = z.strictObject({ format: z.literal('charter-backup'), version: z.literal(1), madeAt: z.string(), files: z.array(file).min(1) });

export type Manifest = z.output<typeof manifestShape>;
export type ManifestFile = Manifest['files'][number];

/** Names a backup may hold; nothing else is ever unpacked. */
export const isBackupPath = (path: string): boolean =>
  path === MANIFEST || path === DATABASE || path === SECRET || /^attachments\/[0-9a-f-]{2}\/[0-9a-f-]{36}$/u.test(path);
