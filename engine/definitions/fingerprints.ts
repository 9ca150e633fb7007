/** What a check of a folder looks at, in one number: while it stays the same, so does what the check finds. */
import { createHash } from 'node:crypto';
import type { Sources } from '../engine.js';
import { byFolder } from './checkAll.js';

export interface Fingerprints {
  /** Of all shared rules. */
  readonly rules: string;
  /** Of each folder: its texts, the shared rules, what it names of other processes, and which processes and prefixes there are. */
  readonly folders: ReadonlyMap<string, string>;
}

interface Folder {
  readonly key: string;
  readonly texts: readonly (readonly [file: string, text: string])[];
  /** Of what others see of it. */
  readonly face: string;
}

/** Files of a process that others' checks look into. */
const faces = ['form.json', 'process.json'];

export function fingerprintsOf({ processes, rules }: Sources): Fingerprints {
  const ofRules = hash(Object.entries(rules));
  const folders = [...byFolder(processes)].map(([key, texts]): Folder => ({ key, texts: Object.entries(texts), face: hash(faces.map((file) => texts[file])) }));
  const present = hash(folders.map(({ key, texts }) => [key, prefixIn(texts)]));
  return { rules: ofRules, folders: new Map(folders.map((folder) => [folder.key, hash([ofRules, present, folder.texts, facesNamedIn(folder, folders)])])) };
}

/** Faces of the other processes whose names begin a text in the folder. One too many does no harm. */
function facesNamedIn({ key: own, texts }: Folder, folders: readonly Folder[]): readonly string[] {
  const others = folders.filter(({ key }) => key !== own && texts.some(([, text]) => text.includes(`"${key}`)));
  return others.map(({ face }) => face);
}

function prefixIn(texts: Folder['texts']): string {
  const text = texts.find(([file]) => file === 'process.json')?.[1] ?? '';
  return [...text.matchAll(/"prefix"\s*:\s*"[^"]*"/g)].join();
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
