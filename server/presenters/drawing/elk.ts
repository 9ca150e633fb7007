/** The layout engine. The package's types describe its CommonJS module; the bundle's default export is the class itself. */
import elkModule from 'elkjs/lib/elk.bundled.js';

const Elk = elkModule as unknown as typeof elkModule.default;

export const elk = new Elk();
