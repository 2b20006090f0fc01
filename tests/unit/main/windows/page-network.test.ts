import { describe, expect, it, vi } from 'vitest';
import { recordingLogger } from '../../../helpers/main-parts.ts';
import { createStandIn } from '../../../helpers/stand-in.ts';

const standIn = vi.hoisted(() => ({ modules: null as unknown as ReturnType<typeof createStandIn>['modules'] }));
vi.mock('electron', async () => {
  const { electronOf } = await import('../../../helpers/electron-of-stand-in.ts');
  return electronOf(standIn);
});
const { closePageNetwork, hostRules, mayLoad, quickenCalls } =
  await import('../../../../electron/main/windows/page-network.ts');

const PAGE = 'app://relay/index.html';
const DEV = 'http://localhost:5173/';

describe('what the page may ask for', () => {
  it.each<[string, string, boolean]>([
    ['app://relay/assets/index.js', PAGE, true],
    ['app://other/index.html', PAGE, false],
    ['data:text/plain,x', PAGE, true],
    ['blob:app://relay/1', PAGE, true],
    ['devtools://devtools/bundled/x.js', PAGE, true],
    ['http://127.0.0.1/', PAGE, false],
    ['https://relay/', PAGE, false],
    ['wss://relay.example.org/ws', PAGE, false],
    ['file:///etc/passwd', PAGE, false],
    ['not an address', PAGE, false],
    ['http://localhost:5173/src/main.ts', DEV, true],
    ['ws://localhost:5173/', DEV, true],
    ['http://localhost:5174/', DEV, false],
    ['https://localhost:5173/', DEV, false],
    ['app://relay/index.html', DEV, false],
  ])('%s on %s: %s', (url, page, expected) => {
    expect(mayLoad(url, page)).toBe(expected);
  });

  it('is nothing that has to be looked up, but a development server', () => {
    expect(hostRules(PAGE)).toBe('MAP * ~NOTFOUND');
    expect(hostRules(DEV)).toBe('MAP * ~NOTFOUND, EXCLUDE localhost');
  });
});

it('is said to Chromium before the app is ready, to every session and to every contents', async () => {
  const made = createStandIn({}, false);
  standIn.modules = made.modules;
  const logger = recordingLogger();
  closePageNetwork(PAGE, logger);
  expect(made.modules.app.commandLine.getSwitchValue('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
  made.parts.app.becomeReady(made.parts.session.whole);
  const { webContents } = new made.modules.BrowserWindow();
  expect(webContents.getWebRTCIPHandlingPolicy()).toBe('disable_non_proxied_udp');
  expect(await made.runtime.mayRequest(PAGE, 'GET', 'document')).toBe(true);
  expect(await made.runtime.mayRequest('http://127.0.0.1/x', 'GET', 'image')).toBe(false);
  expect(logger.of('request.prevented').map(({ fields }) => fields['type'])).toEqual(['image']);
});

it('has DTLS carried by the checks of ICE, unless the app was started with other trials', () => {
  const made = createStandIn({}, false);
  standIn.modules = made.modules;
  const { commandLine } = made.modules.app;
  quickenCalls();
  expect(commandLine.getSwitchValue('force-fieldtrials')).toBe('WebRTC-IceHandshakeDtls/Enabled/');
  commandLine.appendSwitch('force-fieldtrials', 'WebRTC-IceHandshakeDtls/Disabled/');
  quickenCalls();
  expect(commandLine.getSwitchValue('force-fieldtrials')).toBe('WebRTC-IceHandshakeDtls/Disabled/');
});
