/** Single-file components, for the type check of the tests. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent<Record<string, unknown>, Record<string, unknown>, unknown>;
  export default component;
}

/** Styles that a module brings along. */
declare module '*.css';

/** The address of a script that runs in a thread of its own. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
