import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { tokenHash } from '../../../server/auth/identity.js';
import { projectPath } from '../../tooling/sources.js';
import { SECRET, startTroubledServer } from './troubledServer.js';

const run = promisify(execFile);

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real server that takes everything, and what it was sent. */
async function receiver(): Promise<{ readonly server: Server; readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** As OTLP has it in JSON. */
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number; readonly message?: string };
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const TOKEN = 'token-of-ann-that-is-long-enough';
const OUTSIDE = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };

describe('traces', () => {
  let spans: readonly Span[];
  let hooks: readonly Received[];
  let sent: readonly Received[];
  const named = (name: string): Span => {
    const found = spans.filter((span) => span.name === name);
    expect(found, `${name} among ${spans.map((span) => span.name).join(', ')}`).toHaveLength(1);
    return found[0] as Span;
  };
  const attribute = (span: Span, key: string): unknown => Object.values(span.attributes.find((one) => one.key === key)?.value ?? {})[0];

  beforeAll(async () => {
    const [collector, target] = await Promise.all([receiver(), receiver()]);
    const world = await startTroubledServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRUST_PROXY: 'loopback' });
    const { engine, url } = world.server;
    await engine.people.saveToken({ id: 'token-ann', user: 'ann', title: 'test', hash: tokenHash(TOKEN), createdAt: 0, expiresAt: null });
    await engine.store.setMeta('webhook:elsewhere', `${target.url}/hook`);
    const { id } = await world.create({ amount: 10 });
    const send = (body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${url}/api/v1/records/${id}/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    expect((await send({ type: 'SAY', data: { text: SECRET } }, { traceparent: `00-${OUTSIDE.trace}-${OUTSIDE.span}-01` })).status).toBe(200);
    expect((await send({ type: 'NEVER', data: {} }, {})).status).toBe(422);
    await engine.wake();
    await world.wait(120_000);
    await world.close();
    for (const { server } of [collector, target]) server.close();
    sent = collector.received;
    hooks = target.received;
    spans = sent.flatMap(({ body }) => (JSON.parse(body) as Export).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
  }, 60_000);

  it('go to the collector, as the service that sends them', () => {
    expect(sent.length).toBeGreaterThan(0);
    expect(new Set(sent.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
    const { resourceSpans } = JSON.parse(sent[0]?.body ?? '{}') as Export;
    expect(resourceSpans[0]?.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'charter' } });
  });

  it('lead from the caller over the request and its step to the delivery', () => {
    const [request] = spans.filter(({ name, traceId }) => name === 'POST /api/v1/records/:record/events' && traceId === OUTSIDE.trace);
    expect(request).toMatchObject({ parentSpanId: OUTSIDE.span, kind: 2 });
    const step = named('step SAY');
    expect(step).toMatchObject({ traceId: OUTSIDE.trace, parentSpanId: request?.spanId });
    expect(attribute(step, 'charter.entry')).toMatch(/^[0-9a-f]{64}$/);
    const phases = spans.filter(({ parentSpanId }) => parentSpanId === step.spanId);
    expect(phases.map(({ name }) => name).sort()).toEqual(['commit', 'decide', 'deliver webhook', 'load']);
    const commit = phases.find(({ name }) => name === 'commit');
    expect(BigInt(commit?.endTimeUnixNano ?? 0) - BigInt(commit?.startTimeUnixNano ?? 0)).toBeGreaterThan(0n);
    expect(named('deliver webhook')).toMatchObject({ traceId: OUTSIDE.trace, kind: 3 });
  });

  it('go on in the system that a webhook goes to', () => {
    expect(hooks.map(({ headers }) => headers.traceparent)).toEqual([`00-${OUTSIDE.trace}-${named('deliver webhook').spanId}-01`]);
  });

  it('say what was refused, and by which code', () => {
    const refused = named('step NEVER');
    expect(refused.status).toMatchObject({ code: 2, message: 'EVENT_UNKNOWN' });
    expect(refused.traceId).not.toBe(OUTSIDE.trace);
  });

  it('begin with a run of timers where nobody asked for the step, and with nothing where nothing was due', () => {
    const timers = named('run timers');
    expect(timers.parentSpanId ?? '').toBe('');
    expect(spans.filter(({ name, parentSpanId }) => name.startsWith('step xstate.after') && parentSpanId === timers.spanId)).toHaveLength(1);
    expect(spans.filter(({ name }) => name === 'run schedules')).toEqual([]);
  });

  it('hold no value of a field', () => {
    expect(sent.map(({ body }) => body).join('')).not.toContain(SECRET);
  });
});

describe('a server that nobody asked for traces', () => {
  const loaded = async (environment: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'charter-untraced-'));
    for (const name of ['processes', 'rules']) mkdirSync(join(folder, name));
    const built = (path: string): string => JSON.stringify(pathToFileURL(projectPath(`.build/server/${path}`)).href);
    // A program of its own: it reads the clock as `charter start` does, and its output is how it answers.
    const script = `
      import Module from 'node:module';
      const { readConfig } = await import(${built('config.js')});
      const { start } = await import(${built('start.js')});
      const config = readConfig();
      const running = await start({ config, engineOptions: { ...config, clock: { kind: 'system', now: () => Date.now() } } });
      await fetch(running.address + '/healthz');
      const names = Object.keys(Module._cache).flatMap((path) => /node_modules\\/(@opentelemetry\\/[^/]+)/.exec(path)?.[1] ?? []);
      console.log(JSON.stringify([...new Set(names)].sort()));
      await running.close();`;
    const set = { PORT: '0', LOG_LEVEL: 'silent', DATA_DIR: join(folder, 'data'), PROCESSES_DIR: join(folder, 'processes'), RULES_DIR: join(folder, 'rules') };
    const { PATH = '' } = process.env;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env: { PATH, ...set, ...environment } });
    rmSync(folder, { recursive: true, force: true });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as string[];
  };
  beforeAll(() => run(process.execPath, ['server/cli/charter.mjs', '--help'], { cwd: projectPath('.') }), 240_000);

  it('loads nothing that makes them; one that is asked does', async () => {
    // The package of figures brings the words of OpenTelemetry, which do nothing by themselves.
    expect(await loaded({})).toEqual(['@opentelemetry/api']);
    expect(await loaded({ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toEqual(['@opentelemetry/api']);
    expect(await loaded({ OTEL_TRACES_EXPORTER: 'otlp' })).toContain('@opentelemetry/sdk-trace-base');
  }, 60_000);
});
