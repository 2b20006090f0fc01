/**
 * Where the sound of a file begins and ends, for formats whose encoders add to it: a browser knows some of their marks, and
 * not others.
 */
import { openBytes, type SoundBytes } from '../../wave/bytes.ts';
import { opusEdges } from './opus.ts';

/** Within what the browser plays of a file. */
export interface Edges {
  /** Seconds before the sound. */
  skip: number;
  /** Seconds of the sound itself, to the sample; null where nobody knows. */
  length: number | null;
}

/**
 * Null where the file says nothing that the browser does not know.
 * @param played seconds that the browser plays of it
 */
export async function edgesIn(bytes: SoundBytes, played: number): Promise<Edges | null> {
  return opusEdges(await bytes.read(0, 64), played);
}

/** The same at an address of this page; null also when it cannot be read. */
export async function readEdges(address: string, played: number): Promise<Edges | null> {
  try {
    return await edgesIn(await openBytes(address), played);
  } catch (error) {
    console.warn('the edges of a sound cannot be read', error);
    return null;
  }
}
