import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentPath, openApiDocument } from '../../../server/api/openApi.js';
import { allOperations, apiRoutes } from '../../../server/api/operations.js';
import { type Client, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let agent: Client;
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
let document: any;
beforeAll(async () => {
  server = await startTestServer();
  agent = server.as('agent');
  document = (await server.nobody.get('/api/v1/openapi.json')).body;
});
afterAll(() => server.close());

describe('the OpenAPI document', () => {
  it.each(['system', 'manual'] as const)('is valid OpenAPI 3.1 (%s clock)', async (clock) => {
    const made = JSON.parse(JSON.stringify(openApiDocument(allOperations(clock))));
    const { valid, errors } = await new Validator().validate(made);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(made.openapi).toBe('3.1.0');
  });

  it('holds every route that is served, and serves every route it holds', () => {
    const served = apiRoutes({ config: { clock: 'manual' } } as Parameters<typeof apiRoutes>[0]).map(({ method, path }) => `${method} ${documentPath(path)}`);
    const told = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(told.sort()).toEqual([...served].sort());
  });

  it('resolves every reference within itself', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference as string);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      expect([
        reference,
        reference
          .slice(2)
          .split('/')
          .reduce((node, part) => node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document) !== undefined,
      ]).toEqual([reference, true]);
    }
  });

  it('names an operation once and describes each of its answers', () => {
    const operations = Object.values(document.paths as Record<string, Record<string, { operationId: string; responses: object }>>).flatMap((methods) =>
      Object.values(methods),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { responses } of operations) expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
  });

  it('tells the truth: real answers fit their schemas', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
    ajv.addSchema({ ...document, $id: 'https://charter.example/openapi' });
    const fits = (name: string, body: unknown): void => {
      const validate = ajv.getSchema(`https://charter.example/openapi#/components/schemas/${name}`);
      expect([name, validate?.(body), validate?.errors]).toEqual([name, true, null]);
    };
    const made = await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'described', cost: 500 } });
    const at = `/api/v1/records/${made.body.id}`;
    const form = new FormData();
    form.set('file', new Blob(['x']), 'x.txt');
    const other = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'other' } })).body;
    fits('Record', made.body);
    fits('Record', (await agent.post(`${at}/events`, { type: 'TAKE', data: { assignee: 'agent' } })).body);
    fits('Commented', (await agent.post(`${at}/comments`, { text: 'x' })).body);
    fits('Attached', (await agent.post(`${at}/attachments`, form)).body);
    fits('Record', (await agent.post(`${at}/links`, { name: 'related', to: other.id })).body);
    fits('RecordPage', (await agent.get('/api/v1/records')).body);
    fits('HistoryPage', (await agent.get(`${at}/history`)).body);
    fits('TransitionPage', (await agent.get(`${at}/transitions`)).body);
    fits('CommentPage', (await agent.get(`${at}/comments`)).body);
    fits('AttachmentPage', (await agent.get(`${at}/attachments`)).body);
    fits('LinkPage', (await agent.get(`${at}/links`)).body);
    fits('ProcessPage', (await agent.get('/api/v1/processes')).body);
    fits('Process', (await agent.get('/api/v1/processes/ticket')).body);
    fits('VersionPage', (await agent.get('/api/v1/processes/ticket/versions')).body);
    fits('Version', (await agent.get(`/api/v1/processes/ticket/versions/${made.body.definitionVersion}`)).body);
    fits('FolderReport', (await agent.get('/api/v1/problems')).body);
    fits('CheckReport', (await server.as('owner').post('/api/v1/processes/x/check', { files: { 'statechart.json': '{' } })).body);
    fits('Clock', (await server.as('admin').get('/api/v1/clock')).body);
    fits('Health', (await server.nobody.get('/healthz')).body);
    for (const refused of [
      await agent.get('/api/v1/records/x'),
      await agent.post(`${at}/events`, { type: 'CLOSE' }),
      await agent.post(`${at}/events`, { type: 'NOTE', data: { x: 1 } }),
    ])
      fits('Problem', refused.body);
  });
});
