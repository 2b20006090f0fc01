/**
 * What is loaded while the window already opens its page: the services with their libraries, and what answers the page.
 * The boot order imports none of it statically, so that the window does not wait.
 */
export { assemble } from './assembly.ts';
export type { Assembly } from './assembly-options.ts';
export { createAnswer } from './ipc/answer.ts';
