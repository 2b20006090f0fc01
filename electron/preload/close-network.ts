/**
 * Covers what the page's content security policy does not: WebRTC reaches any server past it. So the page can open a peer
 * connection only while a call rings or runs.
 *
 * Electron runs `closeNetwork` in the page's own world from its source text: it must use nothing outside itself. It
 * runs before any script of the page, and keeps the platform's functions as they are then.
 */

/**
 * Closes WebRTC outside of calls, and removes every way to a fresh window that would have it all the same: frames of any
 * kind, even empty ones, which no policy forbids, and picture-in-picture windows. Creating such an element throws.
 * `inCall`: whether there is a call at this moment; without it there never is.
 */
export function closeNetwork(inCall?: () => boolean): void {
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
  const Refusal = DOMException;
  const readLocalName = getOwnPropertyDescriptor(Element.prototype, 'localName')?.get;

  function fix(target: object, name: string, value: unknown): void {
    defineProperty(target, name, { value, enumerable: false, writable: false, configurable: false });
  }

  function refuse(what: string): never {
    throw new Refusal(`The page has no ${what}.`, 'NotSupportedError');
  }

  /** Compared name by name: the page can change methods of arrays and regular expressions. */
  function refuseFrame(element: unknown): void {
    if (element === null || readLocalName === undefined) return;
    switch (apply(readLocalName, element, [])) {
      case 'iframe':
      case 'frame':
      case 'frameset':
      case 'fencedframe':
      case 'object':
      case 'embed':
      case 'portal':
      case 'webview':
        refuse('frames');
    }
  }

  // Kept as it is now: a page could replace what `globalThis` has under this name.
  const Connection = RTCPeerConnection;
  const Guarded = new Proxy(Connection, {
    construct(target, args: unknown[], newTarget: new () => unknown): object {
      if (inCall?.() !== true) refuse('peer connections outside of a call');
      return construct(target, args, newTarget) as object;
    },
  });
  fix(Connection.prototype, 'constructor', Guarded);
  for (const name of ownKeys(globalThis)) {
    if (typeof name !== 'string' || !/^(webkit)?RTC/.test(name)) continue;
    // Whoever replaces or deletes the guarded one has none at all.
    if (name === 'RTCPeerConnection')
      defineProperty(globalThis, name, { value: Guarded, enumerable: false, writable: true, configurable: true });
    else fix(globalThis, name, undefined);
  }
  // Picture-in-picture is a separate window, and XSLTProcessor creates elements without the functions below.
  for (const name of ['documentPictureInPicture', 'DocumentPictureInPicture', 'XSLTProcessor']) {
    fix(globalThis, name, undefined);
  }

  /** Runs `check` on the result of the platform's own function of that name. */
  function checkAfter(prototype: object, name: string, check: (made: unknown) => void): void {
    const original = getOwnPropertyDescriptor(prototype, name)?.value as (...args: unknown[]) => unknown;
    fix(prototype, name, function (this: unknown, ...args: unknown[]): unknown {
      const made = apply(original, this, args);
      check(made);
      return made;
    });
  }

  checkAfter(Document.prototype, 'createElement', refuseFrame);
  checkAfter(Document.prototype, 'createElementNS', refuseFrame);
  const readRoot = getOwnPropertyDescriptor(Document.prototype, 'documentElement')?.get;
  checkAfter(DOMImplementation.prototype, 'createDocument', (made) => {
    if (readRoot !== undefined) refuseFrame(apply(readRoot, made, []));
  });

  const registry = CustomElementRegistry.prototype;
  const define = getOwnPropertyDescriptor(registry, 'define')?.value as (...args: unknown[]) => void;
  fix(registry, 'define', function (this: unknown, ...args: unknown[]): void {
    // A class that extends a frame creates one with `new`.
    if (args[2] !== undefined) refuse('elements that extend others');
    apply(define, this, [args[0], args[1]]);
  });
}
