import { createRequire } from 'node:module';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { projectPath } from './sources.js';

export interface Cruise {
  readonly modules: readonly string[];
  /** `rule: from -> to`. */
  readonly violations: readonly string[];
}

/** Reads the imports of `folders` below `base` and holds them against `.dependency-cruiser.cjs`. */
export async function cruiseFolders(base: string, folders: readonly string[]): Promise<Cruise> {
  const { forbidden, options } = createRequire(import.meta.url)(projectPath('.dependency-cruiser.cjs'));
  const tsConfig = extractTSConfig(projectPath('tsconfig.json'));
  const { output } = await cruise([...folders], { ...options, baseDir: base, ruleSet: { forbidden }, validate: true }, options.enhancedResolveOptions, {
    tsConfig,
  });
  const result = output as ICruiseResult;
  return {
    modules: result.modules.map((module) => module.source),
    violations: result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}
