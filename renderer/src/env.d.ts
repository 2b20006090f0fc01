/** What the type checker cannot see by itself: single-file components, for tools that read TypeScript alone. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent<Record<string, unknown>, Record<string, unknown>, unknown>;
  export default component;
}
