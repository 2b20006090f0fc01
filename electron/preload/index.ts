/**
 * Closes the page's network, then builds `window.relay`: one named function per channel, the subscription to main's
 * pushes, and the staging of files. Plain data goes in, plain data comes out; nothing of Electron reaches the page.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent, webUtils } from 'electron';
import { type Bridge, BRIDGE_NAME, CHANNEL_NAMES, PRELOAD_CHANNELS, PUSH_CHANNEL } from '#contract/ipc/channels.ts';
import { createCallDoor } from './call-door.ts';
import { closeNetwork } from './close-network.ts';
import { createStageFiles } from './stage-files.ts';

type PushListener = Parameters<Bridge['onPush']>[0];
type Command = (input: unknown) => Promise<unknown>;

const door = createCallDoor();
const OWN: ReadonlySet<string> = new Set(PRELOAD_CHANNELS);

/** `domain.method` becomes `bridge.domain.method`. */
function commands(): Record<string, Record<string, Command>> {
  const domains: Record<string, Record<string, Command>> = {};
  for (const name of CHANNEL_NAMES) {
    if (OWN.has(name)) continue;
    const [domain = '', method = ''] = name.split('.');
    const methods = (domains[domain] ??= {});
    methods[method] = async (input) => {
      const answer: unknown = await ipcRenderer.invoke(name, input);
      door.answered(name, answer);
      return answer;
    };
  }
  return domains;
}

/** Receives every batch; returns the disposer. The event object, which leads back to Electron, stays here. */
function onPush(listener: PushListener): () => void {
  const forward = (_event: IpcRendererEvent, batch: Parameters<PushListener>[0]): void => listener(batch);
  ipcRenderer.on(PUSH_CHANNEL, forward);
  return () => {
    ipcRenderer.removeListener(PUSH_CHANNEL, forward);
  };
}

const stageFiles = createStageFiles({
  pathOf: (file) => webUtils.getPathForFile(file),
  stage: (input) => ipcRenderer.invoke('files.stage', input),
});

ipcRenderer.on(PUSH_CHANNEL, (_event: IpcRendererEvent, batch: Parameters<PushListener>[0]) => door.pushed(batch));
contextBridge.executeInMainWorld({ func: closeNetwork, args: [() => door.isOpen()] });
contextBridge.exposeInMainWorld(BRIDGE_NAME, { ...commands(), onPush, stageFiles });
