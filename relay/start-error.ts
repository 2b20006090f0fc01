/** The node cannot start as it was told to; `message` is the one line that the person at the terminal sees. */
export class StartError extends Error {
  constructor(message: string) {
    super(message.replace(/\s*\n\s*/g, ' '));
    this.name = 'StartError';
  }
}
