import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codeMatching,
  linesNamingProcesses,
  longerThan,
  namesProcess,
  readsEnvironment,
  readsTime,
  templateFaults,
  vaguelyNamed,
} from './tooling/boundaryRules.js';
import { cruiseFolders } from './tooling/cruise.js';
import { projectPath, type SourceFile, sourceFiles } from './tooling/sources.js';

const engine = sourceFiles('engine', ['.ts']);
const server = sourceFiles('server', ['.ts', '.mjs']);
const pages = sourceFiles('views', ['.hbs']);
const browserCode = sourceFiles('views/assets', ['.ts', '.js', '.css']);
const program = [...engine, ...server];
const file = (text: string, path = 'server/x.ts'): SourceFile[] => [{ path, text }];
const except = (files: readonly SourceFile[], ...paths: string[]): SourceFile[] => files.filter((one) => !paths.includes(one.path));

describe('the layers', () => {
  const folders = ['engine', 'server', 'test'];

  it('import only what they may', async () => {
    const { modules, violations } = await cruiseFolders(projectPath('.'), folders);
    expect(modules.filter((path) => path.startsWith('engine/')).length).toBeGreaterThan(20);
    expect(modules.filter((path) => path.startsWith('server/')).length).toBeGreaterThan(10);
    expect(modules.some((path) => path.includes('node_modules/xstate/'))).toBe(true);
    expect(violations).toEqual([]);
  }, 120_000);

  it('are held by rules of which each one bites', async () => {
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'charter-layers-')));
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(base, path)), { recursive: true });
      writeFileSync(join(base, path), text);
    };
    write('engine/store/rows.ts', "import '../core/decide.js'; export const rows = 1;");
    write(
      'engine/core/decide.ts',
      "import { rows } from '../store/rows.js'; import 'node:fs'; import 'xstate'; import 'sequelize'; import 'node:sqlite'; import 'json-logic-js'; export const decide = rows;",
    );
    write('engine/core/compile.ts', "import 'xstate'; import './missing.js'; import 'fast-check';");
    write('engine/index.ts', "import '../server/app.js'; import 'express'; export const door = 1;");
    write('server/app.ts', "import { rows } from '../engine/store/rows.js'; export const app = rows;");
    write('package.json', JSON.stringify(createRequire(import.meta.url)(projectPath('package.json'))));
    symlinkSync(projectPath('node_modules'), join(base, 'node_modules'));
    try {
      const { violations } = await cruiseFolders(base, ['engine', 'server']);
      const { forbidden } = createRequire(import.meta.url)(projectPath('.dependency-cruiser.cjs'));
      const names = forbidden.map((rule: { name: string }) => rule.name);
      expect([...new Set(violations.map((violation) => violation.split(':')[0]))].sort()).toEqual(names.sort());
      expect(violations.filter((violation) => violation.startsWith('xstate-behind-one-door'))).toHaveLength(1);
      expect(violations.filter((violation) => violation.startsWith('database-behind-the-store'))).toHaveLength(2);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  }, 120_000);
});

describe('what only one place may do', () => {
  it('reading the environment: server/config.ts', () => {
    expect(existsSync(projectPath('server/config.ts'))).toBe(true);
    expect(codeMatching(except(program, 'server/config.ts'), readsEnvironment)).toEqual([]);
    expect(
      codeMatching(file("process.env.PORT\nprocess['env']\nconst { env } = process;\nimport { env } from 'node:process';\nconfig.env"), readsEnvironment),
    ).toHaveLength(4);
  });

  it('reading the time and waiting: engine/clock.ts', () => {
    expect(codeMatching(file(sourceFiles('engine', ['/clock.ts'])[0]?.text ?? ''), readsTime).length).toBeGreaterThan(0);
    expect(codeMatching(except(program, 'engine/clock.ts'), readsTime)).toEqual([]);
    const reading = 'Date.now()\nnew Date()\nnew Date( )\nmap(Date.now)\nsetTimeout(work, 5)\nsetInterval(work, 5)\nDateTime.utc()\nDateTime.now()';
    const given =
      "new Date(at)\nnew Date(record.at).toISOString()\nDateTime.utc(2026, 1, 1)\nclock.now()\n// Date.now() is elsewhere\n/* new Date() */\nsettled(1)\n'Date'";
    expect(codeMatching(file(reading), readsTime)).toHaveLength(8);
    expect(codeMatching(file(given), readsTime)).toEqual([]);
  });
});

describe('processes are data', () => {
  const keys = existsSync(projectPath('processes'))
    ? readdirSync(projectPath('processes'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];

  it('no process is named in engine, server or views', () => {
    expect(keys.length).toBeGreaterThan(0);
    // The published schemas may: their examples are what a process owner's editor shows.
    const data = sourceFiles('engine', ['.json'])
      .filter((one) => !one.path.startsWith('engine/definitions/schemas/'))
      .concat(sourceFiles('server', ['.json', '.sql']));
    expect(linesNamingProcesses([...program, ...pages, ...browserCode, ...data], keys)).toEqual([]);
  });

  it('a name is found in every spelling, an ordinary word only where it means the process', () => {
    const found = (key: string, text: string): boolean => namesProcess(key, text);
    expect(['incident', 'Incidents', 'isIncident', 'an incident.', 'coincidental'].map((text) => found('incident', text))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(
      ['service-request', 'serviceRequest', 'SERVICE_REQUEST', 'service requests', 'services requested'].map((text) => found('service-request', text)),
    ).toEqual([true, true, true, true, false]);
    expect(
      ['record.service', 'the service desk', "process === 'service'", "process: 'service'", 'processes/service/'].map((text) => found('service', text)),
    ).toEqual([false, false, true, true, true]);
  });
});

describe('pages', () => {
  it('have no unescaped output, no script or style of their own, and quoted attributes', () => {
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.flatMap(templateFaults)).toEqual([]);
  });

  it('are found out when they have', () => {
    const faulty = [
      '{{{name}}}',
      '{{&name}}',
      '<script>x</script>',
      '<p style="color:red">',
      '<a onclick="x">',
      '<p class=wide>',
      '<input value={{name}}>',
      '<a href="javascript:x">',
      '{{> (lookup . "name")}}',
    ];
    const good = [
      '{{name}}',
      '<script src="/assets/x.js" defer></script>',
      '<p class="a=b {{#if (eq a b)}}wide{{/if}}" hidden>a = b</p>',
      '<input {{#if required}}required{{/if}} value="{{name}}">',
      '{{!-- {{{x}}} --}}',
      "{{> record/head title='x>y'}}",
    ];
    expect(faulty.map((text) => templateFaults({ path: 'x.hbs', text }).length)).toEqual(faulty.map(() => 1));
    expect(good.flatMap((text) => templateFaults({ path: 'x.hbs', text }))).toEqual([]);
  });
});

describe('files', () => {
  it('of the engine and the server have at most 250 lines', () => {
    expect(longerThan(program, 250)).toEqual([]);
  });

  it('say in their name what they are for', () => {
    expect(vaguelyNamed([...program, ...pages, ...browserCode, ...sourceFiles('test', ['.ts'])])).toEqual([]);
    expect(vaguelyNamed(file('', 'server/dateUtils.ts').concat(file('', 'engine/helpers/x.ts'), file('', 'server/commonly.ts')))).toHaveLength(2);
  });

  it('of the top level are those that were agreed', () => {
    const agreed =
      /^(\..*|node_modules|coverage|data|package(-lock)?\.json|tsconfig.*\.json|engine|processes|rules|server|views|test|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|SCALE\.md|.*\.config\.(ts|js|mjs|cjs)|biome\.json|knip\.json)$/;
    expect(readdirSync(projectPath('.')).filter((name) => !agreed.test(name))).toEqual([]);
  });
});
