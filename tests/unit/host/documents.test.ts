import { describe, expect, it } from 'vitest';
import { injectScript } from '../../../host/server/documents.ts';
import { readPageFrame } from '../../../host/server/page-frame.ts';

const TAG = '<script src="/first.js"></script>';

describe('the script that comes first', () => {
  it.each([
    ['<!doctype html><html><head><title>x</title>', `<!doctype html><html><head>${TAG}<title>x</title>`],
    ['<HEAD lang="en"><script>', `<HEAD lang="en">${TAG}<script>`],
    ['<!DOCTYPE html>\n<script>a</script>', `<!DOCTYPE html>${TAG}\n<script>a</script>`],
    ['<p>bare</p>', `${TAG}<p>bare</p>`],
  ])('in %s', (html, expected) => {
    expect(injectScript(html, TAG)).toBe(expected);
  });
});

describe('frames of a page', () => {
  it('reads the ones there are', () => {
    const frame = { kind: 'invoke', id: 1, channel: 'app.ready', args: 'J[]' };
    expect(readPageFrame(JSON.stringify(frame))).toEqual(frame);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"kind":"invoke"}',
    '{"kind":"invoke","id":"1","channel":"x","args":"J[]"}',
    '{"kind":"__proto__"}',
    '{"kind":"permission","id":1,"permission":"media","mediaTypes":["screen"]}',
  ])('refuses %s', (text) => {
    expect(readPageFrame(text)).toBeNull();
  });
});
