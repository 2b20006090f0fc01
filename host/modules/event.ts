/** Events of Electron's kind: an object that can be told not to go on. */

export interface PreventableEvent {
  preventDefault(): void;
  readonly defaultPrevented: boolean;
}

/** Makes an event with the given fields. */
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
