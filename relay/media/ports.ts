/** What the services need to know about a file's bytes. */

/** What the tags of a sound say: repaired, cleaned and cut. */
export interface MediaTags {
  title: string | null;
  artist: string | null;
  album: string | null;
  year: number | null;
  genre: string | null;
  trackNumber: number | null;
  /** Loudness correction, in dB. */
  gain: number | null;
  /** What a sound in MP4 is coded in where it is not AAC, as its first sample entry is called. */
  codec?: string;
}

/** What was found in a file. Nothing here comes from what the client said about it. */
export interface MediaFacts {
  /** By the bytes; `application/octet-stream` for anything that is not on the list. */
  mimeType: string;
  /** In pixels, as the picture is shown: turned the way its EXIF says. */
  width: number | null;
  height: number | null;
  /** In seconds, of sound and video. */
  duration: number | null;
  /** Base64. */
  thumbhash: string | null;
  /** From 0 to 1. */
  peaks: number[] | null;
  /** Of sounds, as far as they have any. */
  tags: MediaTags | null;
  /** Forms of the file that were written beside it, as `path.variant`. */
  variants: string[];
}

export interface MediaReader {
  /**
   * Reads a file. Never rejects because of its bytes: what cannot be read is null.
   * @param name of the file, as shown: decides between kinds of text only.
   */
  examine(path: string, name: string): Promise<MediaFacts>;
}
