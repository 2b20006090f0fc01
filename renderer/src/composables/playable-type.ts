/** What this browser plays, for screens: the stores know it. */
export { formatName, playsHere } from '../stores/player/playable-type.ts';
