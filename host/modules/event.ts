/** Electron-style events: objects with `preventDefault`. */

export interface PreventableEvent {
  preventDefault(): void;
  readonly defaultPrevented: boolean;
}

/** Creates an event with the given fields. */
export function createEvent<Fields extends object>(fields: Fields): Fields & PreventableEvent {
  let prevented = false;
  return Object.defineProperties(Object.create(Object.prototype), {
    ...Object.getOwnPropertyDescriptors(fields),
    preventDefault: {
      value: () => {
        prevented = true;
      },
    },
    defaultPrevented: { get: () => prevented },
  }) as Fields & PreventableEvent;
}
