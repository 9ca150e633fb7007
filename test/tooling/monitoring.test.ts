import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startTroubledServer, type Troubled } from '../server/monitoring/troubledServer.js';
import { Visitor } from '../server/testServer.js';
import { projectPath } from './sources.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const file = (name: string): string => readFileSync(projectPath(`.config/monitoring/${name}`), 'utf8');
const rules = (parse(file('alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const tests = (parse(file('alerts.test.yml')) as { tests: { alert_rule_test: { alertname: string }[] }[] }).tests;
const dashboard = JSON.parse(file('grafana-dashboard.json')) as { readonly panels: readonly Panel[] };
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  // Grafana puts its variables in before Prometheus sees them.
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, '.*')] as const),
  ),
];

/** What Prometheus adds when it scrapes. */
const OF_SCRAPING = ['up', 'job', 'instance', 'le'];

interface Words {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
  readonly faults: readonly string[];
}

/** Metrics and labels that an expression names, by the grammar of Prometheus; faults where it does not fit. */
function wordsOf(expression: string): Words {
  const metrics: string[] = [];
  const labels: string[] = [];
  const faults: string[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      const text = expression.slice(node.from, node.to);
      if (node.type.isError) faults.push(`at ${node.from}: ${expression.slice(Math.max(0, node.from - 10), node.to + 10)}`);
      else if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') metrics.push(text);
      else if (node.name === 'LabelName') labels.push(text);
    },
  });
  return { metrics, labels, faults };
}

let world: Troubled;
let printed: string;
beforeAll(async () => {
  world = await startTroubledServer();
  const { id } = await world.create({ amount: 0 });
  await world.say(id);
  await world.wait(5 * 3_600_000);
  const watcher = new Visitor(world.server);
  await watcher.get('/readyz');
  printed = (await watcher.get('/metrics')).text;
});
afterAll(() => world.close());

/** Names as they stand in front of samples, also of figures that have none yet. */
function metricNames(): ReadonlySet<string> {
  const types = [...printed.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type]) => [name, type] as const);
  return new Set(types.flatMap(([name, type]) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])));
}

describe('alert rules and dashboard', () => {
  it('hold expressions that Prometheus can read', () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(expressions.length).toBeGreaterThan(50);
    for (const [name, expression] of expressions) {
      const { metrics, faults } = wordsOf(expression);
      expect(faults, `${name}: ${expression}`).toEqual([]);
      expect(metrics.length, name).toBeGreaterThan(0);
    }
    expect(wordsOf('sum(rate(x[5m])').faults.length).toBeGreaterThan(0);
  });

  it('are accepted, and fire as their cases say, by promtool where the machine has one', () => {
    const folder = projectPath('.config/monitoring');
    for (const args of [
      ['check', 'rules', 'alerts.yml'],
      ['test', 'rules', 'alerts.test.yml'],
    ]) {
      const { error, status, stdout, stderr } = spawnSync(process.env.PROMTOOL_PATH ?? 'promtool', args, { cwd: folder, encoding: 'utf8' });
      // No package brings it: elsewhere the grammar above has to do, and the log says so.
      process.stdout.write(`promtool ${args[0]} rules: ${error ? 'not on this machine' : `exit code ${status}`}\n`);
      if (!error) expect([status, stderr], stdout).toEqual([0, '']);
    }
  });

  it('name only figures that a server really gives', () => {
    const given = metricNames();
    expect(given.has('charter_steps_total')).toBe(true);
    const named = new Set(expressions.flatMap(([, expression]) => wordsOf(expression).metrics));
    expect([...named].filter((name) => !given.has(name) && !OF_SCRAPING.includes(name))).toEqual([]);
  });

  it('name only labels that those figures have', () => {
    const labels = new Set([...printed.matchAll(/([a-z_]+)="/g)].map(([, name]) => name));
    const named = new Set(expressions.flatMap(([, expression]) => wordsOf(expression).labels));
    expect([...named].filter((name) => !labels.has(name) && !OF_SCRAPING.includes(name))).toEqual([]);
  });

  it('leave out no figure of our own', () => {
    const named = new Set(expressions.flatMap(([, expression]) => wordsOf(expression).metrics.map((name) => name.replace(/_(?:bucket|sum|count)$/, ''))));
    const own = [...printed.matchAll(/^# TYPE (charter_\S+)/gm)].map(([, name = '']) => name);
    expect(own.filter((name) => !named.has(name) && name !== 'charter_users')).toEqual([]);
  });

  it('say of each alert how grave it is, what happened and what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(alert).toMatch(/^Charter[A-Z]\w+$/);
      expect(['critical', 'warning'], alert).toContain(labels.severity);
      expect(Object.keys(annotations).sort(), alert).toEqual(['action', 'summary']);
    }
    const tried = new Set(tests.flatMap((one) => one.alert_rule_test.map(({ alertname }) => alertname)));
    expect([...tried].filter((name) => !rules.some(({ alert }) => alert === name))).toEqual([]);
    expect(tried.size).toBeGreaterThan(10);
  });

  it('lay out panels that do not cover one another', () => {
    const cells = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(cells.get(`${x} ${y}`), `${title} lies over`).toBeUndefined();
          cells.set(`${x} ${y}`, title);
        }
    }
  });
});
