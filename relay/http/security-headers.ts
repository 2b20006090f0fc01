/** The headers that every answer carries against what a browser might make of it. */
import helmet from '@fastify/helmet';
import Fastify from 'fastify';

/**
 * As helmet sets them. It is asked once: it works all of them out again for every request, and none of them depends on
 * one.
 */
export async function securityHeaders(): Promise<Readonly<Record<string, string>>> {
  const app = Fastify();
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  const headers: Record<string, string> = {};
  app.get('/', async (_request, reply) => {
    for (const [name, value] of Object.entries(reply.raw.getHeaders())) headers[name] = String(value);
    return null;
  });
  await app.inject('/');
  await app.close();
  return headers;
}
