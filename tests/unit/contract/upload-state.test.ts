import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextUploadState,
  UPLOAD_EVENT_TYPES,
  UPLOAD_STATES,
  type UploadEvent,
  type UploadState,
} from '../../../contract/model/upload-state.ts';

/** Every move there is; whatever is not listed must change nothing. */
const TABLE: Record<UploadState, Partial<Record<UploadEvent, UploadState>>> = {
  staging: { staged: 'waiting', refused: 'failed' },
  waiting: { begin: 'sending', pause: 'paused', prepare: 'staging', refused: 'failed', stored: 'ready' },
  sending: {
    all_sent: 'finishing',
    interrupted: 'waiting',
    pause: 'paused',
    prepare: 'staging',
    refused: 'failed',
    stored: 'ready',
  },
  finishing: { interrupted: 'waiting', prepare: 'staging', refused: 'failed', stored: 'ready' },
  paused: { resume: 'waiting', prepare: 'staging', refused: 'failed', stored: 'ready' },
  failed: { retry: 'waiting', stored: 'ready' },
  ready: {},
};

describe('upload state', () => {
  it.each(UPLOAD_STATES.flatMap((state) => UPLOAD_EVENT_TYPES.map((event) => ({ state, event }))))(
    '$state, $event',
    ({ state, event }) => {
      expect(nextUploadState(state, event)).toBe(TABLE[state][event] ?? state);
    },
  );

  it('knows every event of the table by its name', () => {
    const named = new Set(Object.values(TABLE).flatMap((moves) => Object.keys(moves)));
    expect(new Set<string>(UPLOAD_EVENT_TYPES)).toEqual(named);
  });

  it('never leaves ready, and is full only by the server’s answer', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...UPLOAD_EVENT_TYPES), { maxLength: 40 }), (events) => {
        let state: UploadState = 'staging';
        for (const event of events) {
          const next = nextUploadState(state, event);
          if (next === 'ready' && state !== 'ready' && event !== 'stored') return false;
          if (state === 'ready' && next !== 'ready') return false;
          state = next;
        }
        return true;
      }),
    );
  });
});
