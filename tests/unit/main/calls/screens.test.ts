/** Which screen is shared, and who gets it. */
import type { WebFrameMain } from 'electron';
import { describe, expect, it } from 'vitest';
import { createScreenSources, hasSystemPicker, isWayland } from '../../../../electron/main/platform/screen-sources.ts';
import { createScreens } from '../../../../electron/main/services/calls/screens.ts';
import { answerDisplayMedia, type DisplayRules } from '../../../../electron/main/windows/display-media.ts';
import { createNativeImage } from '../../../../host/modules/native-image.ts';
import { createDesktopCapturer } from '../../../../host/modules/screen-parts.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

function screensOn(platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}, isActive = true) {
  const real = createDesktopCapturer(createNativeImage(), () => true);
  const asked: string[][] = [];
  const capturer: Pick<Electron.DesktopCapturer, 'getSources'> = {
    getSources: (options) => {
      asked.push(options.types);
      return real.getSources(options);
    },
  };
  const clock = new ManualClock();
  const state = { isActive };
  const screens = createScreens({
    sources: createScreenSources(capturer, platform, env),
    isActive: () => state.isActive,
    clock,
    logger: recordingLogger(),
  });
  return { screens, asked, clock, state };
}

describe('a choice', () => {
  it('is good once, for a moment, and only of what was listed', async () => {
    const { screens, clock } = screensOn('linux');
    expect(screens.chooseScreen({ id: 'screen:0:0', sound: false })).toMatchObject({ ok: false });
    expect(await screens.screens()).toMatchObject({
      ok: true,
      value: { ownPicker: false, screens: [{ id: 'screen:0:0', kind: 'screen', thumb: null }, { kind: 'window' }] },
    });
    screens.chooseScreen({ id: 'window:1:0', sound: true });
    // Sound can be shared on Windows alone.
    expect(await screens.answer()).toEqual({ source: { id: 'window:1:0', name: 'Another window' }, sound: false });
    expect(await screens.answer()).toBeNull();
    screens.chooseScreen({ id: 'screen:0:0', sound: false });
    clock.advance(10_001);
    expect(await screens.answer()).toBeNull();
    screens.chooseScreen({ id: 'screen:0:0', sound: false });
    screens.chooseScreen({ id: null, sound: false });
    expect(await screens.answer()).toBeNull();
  });

  it('includes the sound on Windows', async () => {
    const { screens } = screensOn('win32');
    await screens.screens();
    screens.chooseScreen({ id: 'screen:0:0', sound: true });
    expect(await screens.answer()).toMatchObject({ sound: true });
  });

  it('is nothing outside of a call', async () => {
    const { screens, state, asked } = screensOn('linux', {}, false);
    expect(await screens.screens()).toMatchObject({ ok: false, error: { code: 'denied' } });
    state.isActive = true;
    await screens.screens();
    screens.chooseScreen({ id: 'screen:0:0', sound: false });
    state.isActive = false;
    expect(await screens.answer()).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it('is up to the portal under Wayland, which asks exactly once', async () => {
    const { screens, asked } = screensOn('linux', { XDG_SESSION_TYPE: 'wayland' });
    expect(await screens.screens()).toEqual({ ok: true, value: { screens: [], ownPicker: true } });
    expect(asked).toEqual([]);
    expect(await screens.answer()).toMatchObject({ source: { id: 'screen:0:0' } });
    // Both kinds in one request: each request is a prompt.
    expect(asked).toEqual([['screen', 'window']]);
  });

  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string, boolean, boolean]>([
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, '6.1', true, false],
    ['linux', { DISPLAY: ':0' }, '6.1', false, false],
    ['darwin', {}, '24.1.0', false, true],
    ['darwin', {}, '23.6.0', false, false],
    ['win32', { WAYLAND_DISPLAY: 'x' }, '10.0', false, false],
  ])('%s %j %s', (platform, env, version, wayland, picker) => {
    expect([isWayland(platform, env), hasSystemPicker(platform, version)]).toEqual([wayland, picker]);
  });
});

describe('a request for a display', () => {
  const frame = { origin: 'app://relay' } as WebFrameMain;
  const request = {
    ...{ frame, securityOrigin: 'app://relay/', videoRequested: true, audioRequested: true, userGesture: true },
  };
  function rules(more: Partial<DisplayRules> = {}): DisplayRules & { asked: number } {
    const made = {
      asked: 0,
      roleOfFrame: (asking: WebFrameMain) => (asking === frame ? ('main' as const) : null),
      origin: 'app://relay',
      choice: async () => {
        made.asked += 1;
        return { source: { id: 'screen:0:0', name: 'Screen' }, sound: true };
      },
      logger: recordingLogger(),
      ...more,
    };
    return made;
  }

  it('of our page after a click gets what was chosen', async () => {
    const video = { id: 'screen:0:0', name: 'Screen' };
    expect(await answerDisplayMedia(request, rules())).toEqual({ video, audio: 'loopback' });
    expect(await answerDisplayMedia({ ...request, audioRequested: false }, rules())).toEqual({ video });
  });

  it.each([
    ['no frame', { frame: null }],
    ['a frame inside', { frame: {} as WebFrameMain }],
    ['another page', { securityOrigin: 'https://example.org/' }],
    ['no click', { userGesture: false }],
    ['no picture', { videoRequested: false }],
  ])('of %s gets nothing, and uses the choice up', async (_what, wrong) => {
    const made = rules();
    expect(await answerDisplayMedia({ ...request, ...wrong }, made)).toBeNull();
    expect(made.asked).toBe(1);
  });

  it('of another window, or of a frame that has gone, gets nothing', async () => {
    expect(await answerDisplayMedia(request, rules({ roleOfFrame: () => 'picture' }))).toBeNull();
    const gone = rules({
      roleOfFrame: () => {
        throw new Error('Render frame was disposed');
      },
    });
    expect(await answerDisplayMedia(request, gone)).toBeNull();
  });
});
