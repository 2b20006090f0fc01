/** The states of an account's connection. Pure data. */
export const CONNECTION_PHASES = [
  'idle',
  'connecting',
  'syncing',
  'live',
  'waiting',
  'offline',
  'waiting_auth',
] as const;
