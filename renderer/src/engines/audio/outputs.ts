/** The devices that sound can come out of. */

/** Calls `gone` when one was taken away: music that goes on from the loudspeaker is nobody's wish. */
export function watchOutputs(gone: () => void): void {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) return;
  let known: number | null = null;

  async function count(): Promise<void> {
    try {
      const all = await devices?.enumerateDevices();
      const now = all?.filter(({ kind }) => kind === 'audiooutput').length ?? 0;
      if (known !== null && now < known) gone();
      known = now;
    } catch (error) {
      console.warn('the audio devices cannot be listed', error);
    }
  }

  devices.addEventListener('devicechange', () => void count());
  void count();
}
