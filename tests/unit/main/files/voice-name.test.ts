import { describe, expect, it } from 'vitest';
import { isVoice } from '../../../../contract/model/media-types.ts';
import { voiceName } from '../../../../electron/main/services/files/voice-name.ts';

describe('the name of a recording', () => {
  const time = Date.UTC(2026, 0, 31, 23, 59, 58, 999);
  it.each([
    ['audio/mp4', 'voice-20260131-235958.m4a'],
    ['audio/webm', 'voice-20260131-235958.webm'],
    ['audio/ogg', 'voice-20260131-235958.ogg'],
    ['audio/mpeg', null],
    ['image/png', null],
    ['constructor', null],
  ])('of %s', (type, name) => {
    expect(voiceName(type, time)).toBe(name);
    if (name !== null) expect(isVoice(name, type)).toBe(true);
  });
});
