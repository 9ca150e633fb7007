/** The OpenAPI 3.1 document, made of the same table that the routes are made of and of the published schemas. */
import { z } from 'zod';
import { publishedSchemas } from '../../engine/index.js';
import type { Operation } from './operation.js';
import { problemStatuses, wordsOfProblem } from './problemStatuses.js';
import { problemShape, shapes } from './shapes/words.js';

type Document = { readonly [member: string]: unknown };

const uri = (id: string): string => `#/components/schemas/${id}`;

/** All named shapes; references between them become references within the document. */
function schemas(): Document {
  const { schemas: made } = z.toJSONSchema(shapes, { io: 'input', uri, unrepresentable: 'any' });
  const own = Object.entries(made).map(([id, { $id: _id, $schema: _schema, ...schema }]) => [
    id,
    schema.properties?.files ? { ...schema, properties: { ...schema.properties, files: { $ref: uri('ProcessFiles') } } } : schema,
  ]);
  return { ...Object.fromEntries(own), ...fileSchemas() };
}

/** Files of a process folder. */
const fileNames = ['statechart', 'process', 'form', 'rules', 'scenarios', 'messages', 'migration'].filter((name) => publishedSchemas().has(name));
const fileId = (name: string): string => `File-${name}`;

/** The published schemas as components, and the folder of files: each by its schema, or as text. */
function fileSchemas(): Document {
  const published = fileNames.map((name) => {
    const { $id: _id, $schema: _schema, ...schema } = moved(publishedSchemas().get(name), fileId(name)) as { readonly [member: string]: unknown };
    return [fileId(name), schema];
  });
  const properties = Object.fromEntries(fileNames.map((name) => [`${name}.json`, { anyOf: [{ $ref: uri(fileId(name)) }, { type: 'string' }] }]));
  return { ...Object.fromEntries(published), ProcessFiles: { type: 'object', properties, required: ['statechart.json'] } };
}

/**
 * A published schema refers into itself; here that is a place within the document. A property that is itself called `$id` is told as a
 * pattern: tools that read documents like this one take `$id` for the schema's own wherever it stands.
 */
function moved(schema: unknown, id: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => moved(item, id));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { properties, ...rest } = schema as { readonly properties?: { readonly $id?: unknown } };
  const named = typeof properties?.$id === 'object' ? withoutId(properties) : properties === undefined ? {} : { properties };
  return Object.fromEntries(
    Object.entries({ ...rest, ...named }).map(([member, value]) => [
      member,
      member === '$ref' && typeof value === 'string' && value.startsWith('#') ? uri(id) + value.slice(1) : moved(value, id),
    ]),
  );
}

function withoutId({ $id, ...properties }: { readonly $id?: unknown }): Document {
  return { properties, patternProperties: { '^\\$id$': $id } };
}

function referenceTo(shape: z.ZodType): Document {
  const id = shapes.get(shape)?.id;
  if (id === undefined) throw new Error('A shape of the API has no name.');
  return { $ref: uri(id) };
}

const content = (type: string, schema: Document): Document => ({ [type]: { schema } });
const plain = (schema: z.ZodType): Document => {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(rest)) as Document;
};

/** `/records/:record` as `/records/{record}`. */
export const documentPath = (path: string): string => path.replaceAll(/:(\w+)/gu, '{$1}');

const parameterWords: { readonly [name: string]: string } = {
  record: 'Id or number of a record',
  attachment: 'Id of an attachment',
  key: 'Key of a process',
  version: 'Hash of a version',
  name: 'Name of a schema',
};

function parametersOf({ path, query, method }: Operation): readonly Document[] {
  const inPath = [...path.matchAll(/:(\w+)/gu)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: parameterWords[name] ?? name,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = plain(schema as z.ZodType);
    return { name, in: 'query', required: false, ...(description ? { description } : {}), schema: rest };
  });
  const key = { $ref: '#/components/parameters/IdempotencyKey' };
  return [...inPath, ...inQuery, ...(method === 'post' ? [key] : [])];
}

function bodyOf({ body, upload }: Operation): Document {
  if (upload !== undefined) {
    const schema = { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } };
    return { requestBody: { required: true, content: content('multipart/form-data', schema) } };
  }
  return body ? { requestBody: { required: true, content: content('application/json', referenceTo(body)) } } : {};
}

function responsesOf(operation: Operation): Document {
  const good = Object.entries(operation.answers).map(([status, { description, shape, type }]) => {
    const schema = shape ? referenceTo(shape) : { type: 'string', ...(type === '*/*' ? { format: 'binary' } : {}) };
    return [status, { description, content: content(type ?? 'application/json', schema) }];
  });
  const bad = problemStatuses(operation).map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]);
  // What an operation says of its own answers counts more than what all have in common.
  return Object.fromEntries([...bad, ...good]);
}

function operationDocument(operation: Operation): Document {
  const { name, summary, tag, allow } = operation;
  const open = allow.test(null) === 'yes';
  return {
    operationId: name,
    summary,
    description: open
      ? 'Open to everyone.'
      : `For whoever ${allow.name === 'signed in' ? 'is signed in' : allow.name}; what comes back is what that reader may see.`,
    tags: [tag],
    ...(open ? { security: [] } : {}),
    parameters: parametersOf(operation),
    ...bodyOf(operation),
    responses: responsesOf(operation),
  };
}

function problemResponses(operations: readonly Operation[]): Document {
  const statuses = [...new Set(operations.flatMap(problemStatuses))].sort((a, b) => a - b);
  const waits = { 'Retry-After': { description: 'Seconds after which to try again', schema: { type: 'integer' } } };
  return Object.fromEntries(
    statuses.map((status) => [
      `Problem${status}`,
      {
        description: wordsOfProblem(status),
        ...(status === 503 ? { headers: waits } : {}),
        content: content('application/problem+json', referenceTo(problemShape)),
      },
    ]),
  );
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat under the same key (of the same actor, on the same route, within P7D) gets the first answer; another body under it is 422.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** The document for these operations. */
export function openApiDocument(operations: readonly Operation[]): Document {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) (paths[documentPath(operation.path)] ??= {})[operation.method] = operationDocument(operation);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Charter',
      version: '1',
      description: 'Records of processes that are data. Errors are problem documents (RFC 9457) with a code of a closed catalogue and a remedy.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Made by `charter token create --user NAME`' } },
      parameters: { IdempotencyKey: idempotencyKey },
      schemas: schemas(),
      responses: problemResponses(operations),
    },
  };
}
