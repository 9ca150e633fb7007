/** Style sheet, icons and scripts, read once at start, named by their content and served from memory. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { bundleFolder, viewsFolder } from './paths.js';

interface Asset {
  readonly url: string;
  readonly type: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

export interface Assets {
  /** The address of `charter.css`, `icons.svg`, `live.js`…; null when there is no such asset (a script that was not built). */
  url(name: string): string | null;
  readonly serve: RequestHandler;
}

const types: { readonly [extension: string]: string } = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

function filesOf(folder: string, extensions: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => extensions.includes(extname(name)))
    .sort()
    .map((name) => join(folder, name));
}

function named(name: string, plain: Buffer): Asset {
  const extension = extname(name);
  // The bundler named shared chunks by their content already, and other bundles import them by that name.
  if (name.startsWith('chunk-')) return { url: `/assets/${name}`, type: types[extension] ?? '', plain, zipped: gzipSync(plain) };
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  return {
    url: `/assets/${name.slice(0, -extension.length)}.${hash}${extension}`,
    type: types[extension] ?? 'application/octet-stream',
    plain,
    zipped: gzipSync(plain),
  };
}

function readAll(): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  const sheets = filesOf(join(viewsFolder, 'assets', 'css'), ['.css']).map((file) => readFileSync(file, 'utf8'));
  assets.set('charter.css', named('charter.css', Buffer.from(sheets.join('\n'))));
  const others = [...filesOf(join(viewsFolder, 'assets'), ['.svg', '.png', '.ico', '.css']), ...filesOf(bundleFolder, ['.js', '.css'])];
  for (const file of others) {
    const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    assets.set(name, named(name, readFileSync(file)));
  }
  return assets;
}

function send(request: Request, response: Response, asset: Asset): void {
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  response.setHeader('Content-Type', asset.type);
  response.setHeader('Vary', 'Accept-Encoding');
  if (request.acceptsEncodings('gzip') === 'gzip') {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(asset.zipped);
    return;
  }
  response.end(asset.plain);
}

export function createAssets(): Assets {
  const assets = readAll();
  const byUrl = new Map([...assets.values()].map((asset) => [asset.url, asset]));
  return {
    url: (name) => assets.get(name)?.url ?? null,
    serve: (request, response, next) => {
      const asset = request.method === 'GET' || request.method === 'HEAD' ? byUrl.get(request.path) : undefined;
      if (asset) send(request, response, asset);
      else next();
    },
  };
}
