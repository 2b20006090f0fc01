/** Stands for a chat where files are staged that go to the music library instead of into a message. */
export const LIBRARY_PLACE = 'library';
