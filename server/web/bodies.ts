/** Reads request bodies into one shape each: form fields, one uploaded file, or JSON text. */
import type { Request, Response } from 'express';
import express from 'express';
import multer from 'multer';
import { EngineError } from '../../engine/index.js';
import { FormBody, type UploadedFile } from './formBody.js';
import type { Route } from './route.js';

const FORM_LIMIT = 256 * 1024;
const JSON_LIMIT = 2 * 1024 * 1024;
const FIELDS = 500;

/** The most bytes that the body of a request on this route may have. */
export function mostBytes({ kind, limit, upload }: Route): number {
  return upload ?? limit ?? (kind === 'api' ? JSON_LIMIT : FORM_LIMIT);
}

type Middleware = (request: Request, response: Response, next: (error?: unknown) => void) => void;

const run = (middleware: Middleware, request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => middleware(request, response, (error) => (error ? reject(error) : resolve())));

/** `a=1&a=2&b=` as lists of texts. URLSearchParams never makes objects or drops what is too much, unlike the parsers Express offers. */
function parseFields(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > FIELDS) throw new EngineError('TOO_LARGE', { what: 'number of fields', limit: FIELDS });
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

/** Browsers send file names as UTF-8 bytes, which the parser reads as Latin-1. */
function fileName(raw: string): string {
  const name = Buffer.from(raw, 'latin1').toString('utf8');
  return name.includes('\ufffd') ? raw : name;
}

async function readUpload(route: Route, request: Request, response: Response): Promise<FormBody> {
  const limits = { fileSize: route.upload ?? 0, files: 1, fields: 50, fieldSize: FORM_LIMIT, parts: 51 };
  const parser = multer({ storage: multer.memoryStorage(), limits }).single('file') as unknown as Middleware;
  try {
    await run(parser, request, response);
  } catch (error) {
    if ((error as { code?: string }).code === 'LIMIT_FILE_SIZE') throw new EngineError('TOO_LARGE', { what: 'file', limit: route.upload });
    throw new EngineError('MALFORMED', { reason: 'It is no complete multipart form with one part named file.' }, { cause: error });
  }
  const sent = (request.body ?? {}) as Record<string, string | string[]>;
  const values = new Map(Object.entries(sent).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : [String(value)]]));
  const file: UploadedFile | null = request.file
    ? { name: fileName(request.file.originalname), type: request.file.mimetype, content: request.file.buffer }
    : null;
  return new FormBody(values, file);
}

/** What the form of a page sent. @throws EngineError WRONG_TYPE, TOO_LARGE or MALFORMED. */
export async function readForm(route: Route, request: Request, response: Response): Promise<FormBody> {
  if (request.method === 'GET' || request.method === 'HEAD') return new FormBody();
  if (request.is('multipart/form-data')) {
    if (route.upload === undefined) throw new EngineError('WRONG_TYPE', { accepted: ['application/x-www-form-urlencoded'] });
    return readUpload(route, request, response);
  }
  if (!request.is('application/x-www-form-urlencoded')) throw new EngineError('WRONG_TYPE', { accepted: ['application/x-www-form-urlencoded'] });
  await run(express.text({ type: () => true, limit: route.limit ?? FORM_LIMIT }), request, response);
  return new FormBody(parseFields(typeof request.body === 'string' ? request.body : ''));
}

/** JSON is UTF-8; bytes that are not are refused here, where decoding would only put question marks in their place. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new EngineError('MALFORMED', { reason: 'It is not UTF-8.' }, { cause: error });
  }
}

/** What a program sent: a file as multipart form, or text left on the request for `readJson`. @throws EngineError WRONG_TYPE, TOO_LARGE or MALFORMED. */
export async function readApiBody(route: Route, request: Request, response: Response): Promise<FormBody> {
  if (request.method === 'GET' || request.method === 'HEAD') return new FormBody();
  if (route.upload !== undefined) {
    if (!request.is('multipart/form-data')) throw new EngineError('WRONG_TYPE', { accepted: ['multipart/form-data'] });
    return readUpload(route, request, response);
  }
  if (!request.is(['application/json', 'application/*+json'])) throw new EngineError('WRONG_TYPE', { accepted: ['application/json'] });
  await run(express.raw({ type: () => true, limit: route.limit ?? JSON_LIMIT }), request, response);
  request.body = request.body instanceof Uint8Array ? decode(request.body) : '';
  return new FormBody();
}
