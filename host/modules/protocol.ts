/** `protocol`: the application's own schemes, served by its own handlers. */
import { guard } from '../guard.ts';
import type { Runtime } from '../runtime.ts';

/**
 * Creates the module. As in Electron, privileges are registered once before the application is ready, handlers after.
 */
export function createProtocol(runtime: Runtime, isReady: () => boolean): Electron.Protocol {
  let registered = false;
  const afterReady = (): void => {
    if (!isReady()) throw new Error('Session can only be received when app is ready');
  };
  return guard<Electron.Protocol>('protocol', {
    registerSchemesAsPrivileged(schemes) {
      if (isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      // In Electron a second call overrides the first.
      if (registered) throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
      registered = true;
      for (const { scheme, privileges = {} } of schemes) {
        runtime.privileges.set(scheme, privileges);
        runtime.outside.note('privileged-scheme', scheme);
      }
    },
    handle(scheme, handler) {
      afterReady();
      if (runtime.schemes.has(scheme)) throw new Error(`Protocol "${scheme}" is already handled`);
      runtime.schemes.set(scheme, handler);
    },
    unhandle(scheme) {
      afterReady();
      if (!runtime.schemes.delete(scheme)) throw new Error(`Protocol "${scheme}" is not handled`);
    },
    isProtocolHandled(scheme) {
      afterReady();
      return runtime.schemes.has(scheme);
    },
  });
}
