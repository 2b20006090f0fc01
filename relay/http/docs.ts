/** The OpenAPI document of the node, generated from the rows it serves. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { RouteDefinition } from '#contract/routes.ts';

const BYTES = { type: 'string', format: 'binary' };

/** OpenAPI schemas for the bytes of a row, which the server does not validate. */
function bytesOf(row: RouteDefinition | undefined): { body?: unknown; response?: Record<string, unknown> } {
  if (row?.kind === 'upload') {
    const isMultipart = row.mediaType === 'multipart/form-data';
    const form = { type: 'object', properties: { file: BYTES }, required: ['file'] };
    return { body: { content: { [row.mediaType]: { schema: isMultipart ? form : BYTES } } } };
  }
  if (row?.kind === 'download') {
    const bytes = { content: { 'application/octet-stream': { schema: BYTES } } };
    return {
      response: {
        200: { description: 'The whole', ...bytes },
        206: { description: 'The part that `Range` asks for', ...bytes },
        304: { description: 'Not changed', type: 'null' },
      },
    };
  }
  return {};
}

const describeRow: typeof jsonSchemaTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document);
  const { body, response } = bytesOf(document.route.config?.row);
  if (body !== undefined) Object.assign(schema, { body });
  if (response !== undefined) Object.assign(schema, { response: { ...(schema.response as object), ...response } });
  return { schema, url };
};

/** Registers the collector; call it before the routes are registered. */
export async function collectDocs(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Relay node',
        version,
        description: 'A realtime messenger backend. Live messages travel over a WebSocket at /ws?token=JWT.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: describeRow,
    transformObject: jsonSchemaTransformObject,
  });
}

/** Serves the document; it is built once, on the first request. */
export function serveDocs(app: FastifyInstance): void {
  let document: string | null = null;
  app.get('/api/docs', { schema: { hide: true } }, async (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
