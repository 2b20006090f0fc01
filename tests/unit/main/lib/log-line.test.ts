import { describe, expect, it } from 'vitest';
import { logLine } from '../../../../electron/main/lib/log-line.ts';

describe('a line of the log', () => {
  const at = new Date(0);

  it('is one line of JSON', () => {
    const line = logLine(at, 'info', 'api.refused', { route: 'login', status: 401, note: 'a\nb' });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      at: at.toISOString(),
      level: 'info',
      event: 'api.refused',
      route: 'login',
      status: 401,
      note: 'a\nb',
    });
  });

  it('leaves out what looks like a secret or words, at any depth', () => {
    const line = logLine(at, 'error', 'x', {
      token: 'abc-secret',
      Authorization: 'Bearer abc-secret',
      inner: { password: 'abc-secret', list: [{ content: 'abc-secret', draftText: 'abc-secret' }] },
      url: 'ws://h/ws?jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln',
      error: new Error('abc-secret'),
    });
    expect(line).not.toContain('abc-secret');
    expect(line).not.toContain('eyJ');
  });

  it('is bounded', () => {
    const loop: Record<string, unknown> = {
      long: 'x'.repeat(10_000),
      list: Array.from({ length: 10_000 }, (_, n) => n),
    };
    loop['self'] = loop;
    expect(logLine(at, 'info', 'x', loop).length).toBeLessThan(10_000);
  });
});
