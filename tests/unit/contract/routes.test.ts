import { describe, expect, it } from 'vitest';
import { API_ERROR_CODES } from '#contract/api/error.ts';
import { ROUTE_NAMES, routeOf } from '#contract/routes.ts';

describe('the table of operations', () => {
  it('names each method and path once', () => {
    const seen = ROUTE_NAMES.map((name) => `${routeOf(name).method} ${routeOf(name).path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it.each(ROUTE_NAMES)('%s: path parameters and their schema are the same set', (name) => {
    const route = routeOf(name);
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(Object.keys(route.params?.shape ?? {}).sort()).toEqual(inPath.sort());
  });

  it.each(ROUTE_NAMES)('%s: states a success and only known errors', (name) => {
    const route = routeOf(name);
    expect(route.success.length).toBeGreaterThan(0);
    for (const code of route.errors) expect(API_ERROR_CODES).toContain(code);
  });

  it('lets only extensions ask for a capability', () => {
    for (const name of ROUTE_NAMES) if (routeOf(name).capability) expect(routeOf(name).stability).toBe('ext');
  });
});
