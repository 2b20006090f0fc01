/** The folders that have sources, grouped so that one ESLint process can hold what it knows of a group in memory. */
export const ROOMS: readonly (readonly string[])[] = [
  ['contract', 'electron'],
  ['renderer'],
  ['relay', 'host'],
  ['scripts', 'build'],
  ['tests'],
];
