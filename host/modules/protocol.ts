/** `protocol`: the application's own schemes, answered by its own handlers. */
import { guard } from '../guard.ts';
import type { Runtime } from '../runtime.ts';

/** Makes the module. As with Electron, privileges are told once and before the application is ready, handlers after. */
export function createProtocol(runtime: Runtime, isReady: () => boolean): Electron.Protocol {
  let told = false;
  const afterReady = (): void => {
    if (!isReady()) throw new Error('Session can only be received when app is ready');
  };
  return guard<Electron.Protocol>('protocol', {
    registerSchemesAsPrivileged(schemes) {
      if (isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      // A second call takes back what the first one said.
      if (told) throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
      told = true;
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
