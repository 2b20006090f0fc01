import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../../../electron/main/windows/csp.ts';
import { answerPageRequest, listPageFiles, type PageFiles } from '../../../../electron/main/windows/page-files.ts';
import { ownFolder } from '../../../helpers/main-parts.ts';

let files: PageFiles;
let own: Awaited<ReturnType<typeof ownFolder>>;

beforeAll(async () => {
  own = await ownFolder();
  const page = join(own.folder, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(own.folder, 'secret.html'), 'secret');
  await writeFile(join(page, 'index.html'), '<!doctype html>');
  await writeFile(join(page, 'assets', 'a b.js'), 'void 0');
  await writeFile(join(page, 'assets', 'main.js'), 'void 0');
  await writeFile(join(page, 'assets', 'main.js.map'), '{}');
  await writeFile(join(page, 'assets', 'run.exe'), 'MZ');
  await symlink(join(own.folder, 'secret.html'), join(page, 'link.html'));
  files = await listPageFiles(page);
});
afterAll(() => own.remove());

const get = (url: string, method = 'GET'): Promise<Response> => answerPageRequest({ method, url }, 'relay', files);

describe("the page's own scheme", () => {
  it('lists what the build made, by its kinds, and no links', () => {
    expect([...files.keys()].sort()).toEqual(['/assets/a b.js', '/assets/main.js', '/index.html']);
  });

  it('serves a file with its fixed type and every header', async () => {
    const answer = await get('app://relay/index.html?plain=1');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('<!doctype html>');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    expect((await get('app://relay/assets/main.js')).headers.get('content-type')).toBe(
      'text/javascript; charset=utf-8',
    );
    expect(await (await get('app://relay/index.html', 'HEAD')).text()).toBe('');
  });

  it.each([
    ['a file that is not there', 'app://relay/other.html', 404],
    ['the folder', 'app://relay/', 404],
    ['a way out', 'app://relay/../secret.html', 404],
    ['an encoded way out', 'app://relay/%2e%2e/secret.html', 404],
    ['an encoded slash', 'app://relay/..%2fsecret.html', 404],
    ['a backslash', 'app://relay/..%5csecret.html', 404],
    ['a link out of the folder', 'app://relay/link.html', 404],
    ['a NUL', 'app://relay/index.html%00.js', 404],
    ['a source map', 'app://relay/assets/main.js.map', 404],
    ['a program', 'app://relay/assets/run.exe', 404],
    ['another host', 'app://other/index.html', 404],
    ['a port', 'app://relay:80/index.html', 404],
    ['no address', 'nonsense', 400],
  ])('refuses %s', async (_what, url, status) => {
    const answer = await get(url);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    expect((await get('app://relay/index.html', method)).status).toBe(405);
  });

  it('lets the page run nothing but its own files', () => {
    const policy = new Map(
      CONTENT_SECURITY_POLICY.split('; ').map((part): [string, string] => {
        const [name = '', ...values] = part.split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('style-src')).toBe("'self'");
    expect(policy.get('connect-src')).toBe("'self'");
    for (const name of ['frame-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors', 'worker-src']) {
      expect(policy.get(name)).toBe("'none'");
    }
    expect(policy.get('require-trusted-types-for')).toBe("'script'");
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*/);
  });
});
