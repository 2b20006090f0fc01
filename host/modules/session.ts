/** `session`: the stand-in's only session, with main's handlers for permission requests. */
import { EventEmitter } from 'node:events';
import type { Contents } from '../contents.ts';
import { guard, guardClass } from '../guard.ts';
import type { Runtime } from '../runtime.ts';

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];
type DeviceHandler = Parameters<Electron.Session['setDevicePermissionHandler']>[0];
type DisplayHandler = Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0];
type BeforeRequest = (
  details: Electron.OnBeforeRequestListenerDetails,
  decide: (response: Electron.CallbackResponse) => void,
) => void;
type ResourceType = Electron.OnBeforeRequestListenerDetails['resourceType'];
type Permission = Parameters<NonNullable<RequestHandler>>[1];

/** Maps the browser's request destination to Electron's resource type. */
const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  document: 'mainFrame',
  style: 'stylesheet',
  script: 'script',
  image: 'image',
  font: 'font',
  empty: 'xhr',
  audio: 'media',
  video: 'media',
};

export class HostSession extends EventEmitter {
  readonly whole: Electron.Session;
  readonly protocol: Electron.Protocol;
  private readonly runtime: Runtime;
  private requestHandler: RequestHandler = null;
  private checkHandler: CheckHandler = null;
  private deviceHandler: DeviceHandler = null;
  private displayHandler: DisplayHandler = null;
  private beforeRequest: BeforeRequest | null = null;
  private requests = 0;
  readonly webRequest: Electron.WebRequest = guard<Electron.WebRequest>('webRequest', {
    onBeforeRequest: (...args: unknown[]) => {
      if (args.length !== 1) throw new Error('The stand-in for Electron does not have filters of webRequest.');
      this.beforeRequest = args[0] as BeforeRequest | null;
    },
  });

  constructor(runtime: Runtime, protocol: Electron.Protocol) {
    super();
    this.runtime = runtime;
    this.protocol = protocol;
    this.whole = guard<Electron.Session>('session', this);
  }

  setSpellCheckerEnabled(enable: boolean): void {
    this.runtime.outside.note('spell-checker', enable);
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.requestHandler = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.checkHandler = handler;
  }

  setDevicePermissionHandler(handler: DeviceHandler): void {
    this.deviceHandler = handler;
  }

  /** Implements the signature only: there are no Bluetooth devices here. */
  setBluetoothPairingHandler(handler: Parameters<Electron.Session['setBluetoothPairingHandler']>[0]): void {
    this.runtime.outside.note('bluetooth-handler', handler !== null);
  }

  setDisplayMediaRequestHandler(handler: DisplayHandler, options?: Electron.DisplayMediaRequestHandlerOpts): void {
    this.displayHandler = handler;
    // There is no system picker here: main is always asked.
    this.runtime.outside.note('display-handler', { has: handler !== null, picker: options?.useSystemPicker ?? false });
  }

  /** Whether main lets this request of a page through; checked before anything else. */
  readonly mayRequest = async (url: string, method: string, destination: string | undefined): Promise<boolean> => {
    const { beforeRequest } = this;
    if (!beforeRequest) return true;
    const resourceType = RESOURCE_TYPES[destination ?? ''] ?? 'other';
    const details = { id: (this.requests += 1), url, method, resourceType, referrer: '', timestamp: Date.now() };
    const { cancel } = await new Promise<Electron.CallbackResponse>((decide) =>
      beforeRequest({ ...details, uploadData: [] }, decide),
    );
    return cancel !== true;
  };

  /**
   * Asks as Electron does: first the check handler, then the request handler. Without a handler everything is allowed.
   */
  async permit(contents: Contents, name: string, mediaTypes: ('audio' | 'video')[]): Promise<boolean> {
    const permission = name as Permission;
    const requestingUrl = contents.getURL();
    // Electron formats this origin with a trailing slash, so it never equals an origin without one.
    const securityOrigin = `${this.runtime.originOf(requestingUrl)}/`;
    const checked = this.checkHandler?.(contents.whole, permission, securityOrigin, {
      isMainFrame: true,
      requestingUrl,
      securityOrigin,
      embeddingOrigin: securityOrigin,
      mediaType: mediaTypes[0] ?? 'unknown',
    });
    const isRequested = checked === false ? false : await this.request(contents, permission, requestingUrl, mediaTypes);
    const granted = isRequested && (name !== 'display-capture' || (await this.display(contents, mediaTypes)));
    this.runtime.outside.note('permission', { contents: contents.id, permission: name, mediaTypes, granted });
    return granted;
  }

  /** Whether main grants a display; the browser then chooses one itself. Answers that Electron refuses throw here too. */
  private async display(contents: Contents, mediaTypes: ('audio' | 'video')[]): Promise<boolean> {
    const { displayHandler } = this;
    if (!displayHandler) return false;
    const videoRequested = mediaTypes.includes('video') || mediaTypes.length === 0;
    const streams = await new Promise<Electron.Streams | null>((resolve) => {
      displayHandler(
        {
          frame: contents.whole.mainFrame,
          securityOrigin: `${this.runtime.originOf(contents.getURL())}/`,
          videoRequested,
          audioRequested: mediaTypes.includes('audio'),
          userGesture: true,
        },
        resolve,
      );
    });
    const answer = streams === null ? null : displayAnswer(streams, videoRequested);
    this.runtime.outside.note('display', { contents: contents.id, answer });
    return answer !== null;
  }

  /** What main answers for a device of this type; for tests. */
  permitDevice(contents: Contents, deviceType: 'hid' | 'serial' | 'usb'): boolean {
    const device = { deviceId: 'test', name: 'test', vendorId: 1, productId: 1, guid: 'test' };
    const details = { deviceType, origin: this.runtime.originOf(contents.getURL()), device };
    return this.deviceHandler?.(details as Parameters<NonNullable<DeviceHandler>>[0]) ?? true;
  }

  private async request(
    contents: Contents,
    permission: Permission,
    requestingUrl: string,
    mediaTypes: ('audio' | 'video')[],
  ): Promise<boolean> {
    const { requestHandler } = this;
    if (!requestHandler) return true;
    return new Promise((resolve) => {
      requestHandler(contents.whole, permission, resolve, { isMainFrame: true, requestingUrl, mediaTypes });
    });
  }
}

/** What was granted, as a record. @throws as Electron does for streams that it does not take. */
function displayAnswer({ video, audio }: Electron.Streams, videoRequested: boolean): { video: string; audio: string } {
  if (videoRequested && video === undefined) {
    throw new TypeError('Video was requested, but no video stream was provided');
  }
  if (typeof audio === 'string' && audio !== 'loopback' && audio !== 'loopbackWithMute') {
    throw new TypeError('audio must be a WebFrameMain, "loopback" or "loopbackWithMute"');
  }
  const isSource = video !== undefined && 'id' in video;
  if (isSource && (typeof video.id !== 'string' || typeof video.name !== 'string')) {
    throw new TypeError('video must be a WebFrameMain or DesktopCapturerSource');
  }
  return {
    video: isSource ? video.id : video === undefined ? '' : 'frame',
    audio: typeof audio === 'string' ? audio : audio === undefined ? '' : 'frame',
  };
}

/** The module: there is only the default session. */
export function createSessionModule(session: HostSession): typeof Electron.Session {
  const make = (): Electron.Session => {
    throw new Error('A session is not made by hand.');
  };
  return guardClass<typeof Electron.Session>('session', make, { defaultSession: session.whole });
}
