/** Handlebars, strict: a misspelt name is an error, never a blank. Templates see plain frozen data. */
import { join } from 'node:path';
import type { Response } from 'express';
import { ExpressHandlebars } from 'express-handlebars';
import Handlebars from 'handlebars';
import type { Assets } from './assets.js';
import { viewsFolder } from './paths.js';
import { createViewFunctions } from './viewFunctions.js';

export type Renderer = (view: string, layout: string, model: object) => Promise<string>;

function freeze<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
  return value;
}

/**
 * Renders `views/<view>.hbs` in `views/layouts/<layout>.hbs`. Partials get only what is handed to them (and `@root.ui`).
 * The model never mixes with the options of the view engine: a field called `data` or `layout` is only a field.
 */
export function createRenderer(assets: Assets, cache: boolean): Renderer {
  const compilerOptions = { strict: true, explicitPartialContext: true, preventIndent: true };
  const handlebars = new ExpressHandlebars({ extname: '.hbs', partialsDir: join(viewsFolder, 'partials'), compilerOptions });
  const helpers = { ...Handlebars.helpers, ...createViewFunctions(assets) };
  return async (view, layout, model) => {
    const partials = (await handlebars.getPartials({ cache })) as { readonly [name: string]: Handlebars.TemplateDelegate };
    const options = { cache, helpers, partials } as Parameters<typeof handlebars.render>[2] & object;
    const context = freeze({ ...model });
    const body = await handlebars.render(join(viewsFolder, `${view}.hbs`), context, options);
    return handlebars.render(join(viewsFolder, 'layouts', `${layout}.hbs`), { ...context, body: new Handlebars.SafeString(body) }, options);
  };
}

/** Sends a page that no cache may keep. */
export function sendPage(response: Response, status: number, html: string): void {
  response.status(status).setHeader('Cache-Control', 'no-store');
  response.type('html').send(html);
}
