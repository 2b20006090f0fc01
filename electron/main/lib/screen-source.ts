/** What a request for a display is answered with: Electron's own shape, which tests can make too. */
export interface ScreenSource {
  id: string;
  name: string;
}
