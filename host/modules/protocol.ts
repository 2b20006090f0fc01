/** `protocol`: the application's own schemes, answered by its own handlers. */
import { guard } from '../guard.ts';
import type { Runtime } from '../runtime.ts';

/** Makes the module. Privileges must be told before the application is ready, as with Electron. */
export function createProtocol(runtime: Runtime, isReady: () => boolean): Electron.Protocol {
  return guard<Electron.Protocol>('protocol', {
    registerSchemesAsPrivileged(schemes) {
      if (isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      for (const { scheme } of schemes) runtime.outside.note('privileged-scheme', scheme);
    },
    handle(scheme, handler) {
      if (runtime.schemes.has(scheme)) throw new Error(`Protocol "${scheme}" is already handled`);
      runtime.schemes.set(scheme, handler);
    },
    unhandle(scheme) {
      if (!runtime.schemes.delete(scheme)) throw new Error(`Protocol "${scheme}" is not handled`);
    },
    isProtocolHandled: (scheme) => runtime.schemes.has(scheme),
  });
}
