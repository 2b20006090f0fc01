/** The small window of the call: what it shows, and where its commands go. */
import { describe, expect, it } from 'vitest';
import type { CallView } from '../../../../contract/ipc/call-views.ts';
import { MiniView } from '../../../../contract/ipc/mini-views.ts';
import { createMiniCalls } from '../../../../electron/main/services/calls/mini-call.ts';
import type { AppCall } from '../../../../electron/main/services/ports.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

function appCall(state: CallView['state'], more: Partial<AppCall['media']> = {}, incoming = true): AppCall {
  return {
    accountId: 'a',
    view: {
      ...{ key: 'k', id: 'c', chatId: 'chat', type: 'audio', incoming, state, ringingSince: 1, activeSince: 2 },
      ...{ peer: { id: 'ada', name: 'Ada', avatarUrl: null }, polite: true, end: null, duration: null },
      withVideo: false,
    },
    media: {
      ...{ muted: false, camera: false, sharing: false, connected: true, link: 'connected', quality: 'good' },
      ...{ theirsMuted: true, together: null },
      ...more,
    },
  };
}

function world() {
  const done: string[] = [];
  const shown: MiniView[] = [];
  const pictures: (number | null)[] = [];
  const asked: string[] = [];
  const wish = { byItself: true, fails: false };
  const mini = createMiniCalls({
    logger: recordingLogger(),
    system: {
      mini(open) {
        if (wish.fails) throw new Error('no window');
        done.push(open ? 'open' : 'close');
      },
    },
    byItself: () => wish.byItself,
    look: () => ({
      ...{ theme: 'system', accent: 'indigo', textSize: 'normal', moreContrast: false, language: 'en' },
      systemLocale: 'en-GB',
    }),
    emit: (view) => shown.push(MiniView.parse(view)),
    picture: (jpeg) => pictures.push(jpeg?.byteLength ?? null),
    wanted: (_account, key, open) => asked.push(`${key} ${String(open)}`),
    snapshot: async (read) => ({ seq: 4, ...(await read()) }),
    command: (_account, key, command) => done.push(`${command} ${key}`),
    hangUp: () => done.push('hang up'),
    raise: () => done.push('raise'),
  });
  return { mini, done, shown, pictures, asked, wish };
}

describe('the small window', () => {
  it('opens when the main window goes away in a call, follows it, and closes with it', async () => {
    const { mini, done, shown } = world();
    mini.show(appCall('active'));
    mini.mainAway(true);
    expect(done).toEqual(['open']);
    expect(await mini.ready({})).toMatchObject({
      ok: true,
      value: { seq: 4, view: { call: { peer: { name: 'Ada' }, activeSince: 2, theirsMuted: true } } },
    });
    mini.show(appCall('active', { muted: true, link: 'reconnecting' }));
    expect(shown.at(-1)?.call).toMatchObject({ muted: true, link: 'reconnecting' });
    mini.show(null);
    expect(shown.at(-1)?.call).toBeNull();
    expect(done).toEqual(['open', 'close']);
    // Closed from here: no wish of the user, so that the next call has it again.
    mini.closed();
    mini.show(appCall('active'));
    expect(done.at(-1)).toBe('open');
  });

  it('is there while one calls, and not for a ring that is not answered yet', () => {
    const { mini, done } = world();
    mini.mainAway(true);
    mini.show(appCall('ringing'));
    expect(done).toEqual([]);
    expect(mini.open({})).toMatchObject({ ok: false, error: { code: 'not_found' } });
    mini.show(appCall('ringing', {}, false));
    expect(done).toEqual(['open']);
  });

  it('passes its commands on; hanging up asks nobody', () => {
    const { mini, done } = world();
    expect(mini.command({ command: 'hang_up' })).toMatchObject({ ok: false });
    mini.show(appCall('active'));
    mini.open({});
    done.length = 0;
    mini.command({ command: 'toggle_microphone' });
    mini.command({ command: 'toggle_camera' });
    mini.command({ command: 'toggle_together' });
    expect(done).toEqual(['toggle_microphone k', 'toggle_camera k', 'toggle_together k']);
    mini.command({ command: 'hang_up' });
    expect(done.at(-1)).toBe('hang up');
  });

  it('goes back to the main window to choose what is shared, and ends sharing by itself', () => {
    const { mini, done } = world();
    mini.show(appCall('active'));
    mini.open({});
    done.length = 0;
    mini.command({ command: 'toggle_share' });
    expect(done).toEqual(['raise', 'close', 'toggle_share k']);
    mini.show(appCall('active', { sharing: true }));
    mini.open({});
    done.length = 0;
    mini.command({ command: 'toggle_share' });
    expect(done).toEqual(['toggle_share k']);
    mini.command({ command: 'return' });
    expect(done).toEqual(['toggle_share k', 'raise', 'close', 'show k']);
  });

  it('closes as soon as it is not wanted by itself any longer, and stays closed where its user closed it', () => {
    const { mini, done, wish } = world();
    mini.show(appCall('active'));
    mini.mainAway(true);
    wish.byItself = false;
    mini.changed();
    expect(done).toEqual(['open', 'close']);
    wish.byItself = true;
    mini.changed();
    mini.close({});
    mini.closed();
    mini.show(appCall('active', { muted: true }));
    expect(done).toEqual(['open', 'close', 'open', 'close']);
  });

  it('asks the page for pictures while it is open, and shows those of its own call alone', () => {
    const { mini, pictures, asked } = world();
    mini.show(appCall('active'));
    mini.picture({ key: 'k', jpeg: new Uint8Array(3) });
    expect([pictures, asked]).toEqual([[], []]);
    mini.open({});
    expect(asked).toEqual(['k true']);
    // A page that was loaded anew does not know.
    mini.show(appCall('active'));
    expect(asked).toEqual(['k true', 'k true']);
    expect(mini.picture({ key: 'another', jpeg: new Uint8Array(3) })).toMatchObject({ ok: false });
    mini.picture({ key: 'k', jpeg: new Uint8Array(5) });
    mini.picture({ key: 'k', jpeg: null });
    expect(pictures).toEqual([5, null]);
    mini.close({});
    expect(asked.at(-1)).toBe('k false');
    mini.picture({ key: 'k', jpeg: new Uint8Array(5) });
    expect(pictures).toHaveLength(2);
  });

  it('a system that opens no window leaves the call alone', () => {
    const { mini, wish, done } = world();
    wish.fails = true;
    mini.mainAway(true);
    mini.show(appCall('active'));
    expect(done).toEqual([]);
  });
});
