import { describe, expect, it } from 'vitest';
import { fail, type ErrorCode } from '../../../../contract/model/errors.ts';
import { ServerWord } from '../../../../electron/main/services/calls/server-word.ts';
import type { ApiOutcome, RelayApi } from '../../../../electron/main/services/ports.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function word(answers: (ErrorCode | 'ok')[]) {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const asked: string[] = [];
  const line = { isThere: true };
  const api = {
    call: async (
      route: string,
      input: { params: { callId: string }; body?: unknown },
    ): Promise<ApiOutcome<unknown>> => {
      asked.push(`${route} ${input.params.callId}${input.body === undefined ? '' : ` ${JSON.stringify(input.body)}`}`);
      const answer = answers.shift() ?? 'ok';
      if (answer === 'ok') return { ok: true, value: {}, status: 200 };
      return { ...fail(answer, 'refused'), effect: 'unknown' };
    },
  } as unknown as Pick<RelayApi, 'call'>;
  const made = new ServerWord({ clock, logger, api: () => (line.isThere ? api : null) });
  return { made, clock, asked, logger, line };
}

describe('what the server is told', () => {
  it('is told once when it hears it', async () => {
    const { made, clock, asked } = word([]);
    await made.tell('c', { route: 'rejectCall', busy: true });
    await made.tell('d', { route: 'rejectCall', busy: false });
    expect(asked).toEqual(['rejectCall c {"reason":"busy"}', 'rejectCall d {}']);
    expect(clock.pending).toBe(0);
  });

  it.each(['conflict', 'not_found', 'forbidden'] as const)(
    'is not repeated after `%s`: it is over there',
    async (code) => {
      const { made, clock, asked } = word([code]);
      await made.tell('c', { route: 'endCall' });
      expect([asked.length, clock.pending]).toEqual([1, 0]);
    },
  );

  it('is repeated after a while, and at once when the socket is open', async () => {
    const { made, clock, asked } = word(['server_timeout', 'server_unreachable']);
    await made.tell('c', { route: 'endCall' });
    clock.advance(500);
    await settled();
    expect(asked).toHaveLength(2);
    made.now();
    await settled();
    expect([asked.length, clock.pending]).toEqual([3, 0]);
  });

  it('waits for a connection, and is given up in the end', async () => {
    const { made, clock, asked, logger, line } = word(Array.from({ length: 20 }, () => 'server_error' as const));
    line.isThere = false;
    await made.tell('c', { route: 'endCall' });
    expect(asked).toEqual([]);
    line.isThere = true;
    for (let n = 0; n < 20; n += 1) {
      clock.advance(60_000);
      await settled();
    }
    expect([asked.length, clock.pending, logger.of('call.end_not_told').length]).toEqual([6, 0, 1]);
  });
});
