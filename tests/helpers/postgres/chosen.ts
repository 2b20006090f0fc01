/** The database that the relays of a run live on: RELAY_TEST_DATABASE. */
const CHOICES = ['sqlite', 'pglite', 'postgres'] as const;
export type DatabaseChoice = (typeof CHOICES)[number];

/** @throws Error when the variable names no database. */
export function databaseChoice(env: NodeJS.ProcessEnv = process.env): DatabaseChoice {
  const word = env.RELAY_TEST_DATABASE || 'sqlite';
  const choice = CHOICES.find((name) => name === word);
  if (choice === undefined) throw new Error(`RELAY_TEST_DATABASE must be one of ${CHOICES.join(', ')}, not ${word}`);
  return choice;
}
