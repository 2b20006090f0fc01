/** The node cannot start as requested; `message` is the single line shown to the user at the terminal. */
export class StartError extends Error {
  constructor(message: string) {
    super(message.replace(/\s*\n\s*/g, ' '));
    this.name = 'StartError';
  }
}
