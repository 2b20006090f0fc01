/**
 * What is loaded while the window already opens its page: the services with their libraries, and what answers the page.
 * The boot order imports none of it statically, so that the window does not wait.
 */
export { assemble, type Assembly } from './assembly.ts';
export { createAnswer } from './ipc/answer.ts';
