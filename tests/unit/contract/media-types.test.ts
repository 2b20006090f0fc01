import { describe, expect, it } from 'vitest';
import { fileKind, INLINE_TYPES, inlineType, isVoice } from '../../../contract/model/media-types.ts';

describe('a media type', () => {
  it.each([
    ['image/png', 'image/png', 'image'],
    ['IMAGE/JPEG; q=1', 'image/jpeg', 'image'],
    ['image/jpg', 'image/jpeg', 'image'],
    ['video/quicktime', 'video/mp4', 'video'],
    ['video/webm', 'video/webm', 'video'],
    ['audio/x-m4a', 'audio/mp4', 'audio'],
    ['audio/opus', 'audio/ogg', 'audio'],
    // Scripts, documents and what Chromium cannot show are only to save.
    ['image/svg+xml', null, 'document'],
    ['text/html', null, 'document'],
    ['image/heic', null, 'document'],
    ['video/x-matroska', null, 'document'],
    ['application/pdf', null, 'document'],
    ['', null, 'document'],
    ['constructor', null, 'document'],
    ['image', null, 'document'],
  ])('%s is shown as %s', (type, inline, kind) => {
    expect(inlineType(type)).toBe(inline);
    expect(fileKind(type)).toBe(kind);
  });

  it('is inline under its own name', () => {
    for (const type of INLINE_TYPES) expect(inlineType(type)).toBe(type);
  });

  it.each([
    ['voice-20260131-235959.m4a', 'audio/mp4', true],
    ['voice-20260131-235959.webm', 'audio/webm', true],
    ['voice-20260131-235959.m4a', 'video/mp4', true],
    ['voice-20260131-235959.m4a', 'application/pdf', false],
    ['my voice-20260131-235959.m4a', 'audio/mp4', false],
    ['voice.m4a', 'audio/mp4', false],
  ])('%s of %s is a voice message: %s', (name, type, voice) => {
    expect(isVoice(name, type)).toBe(voice);
  });
});
