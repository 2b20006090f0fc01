/**
 * The system's prompt before it unlocks its key store: it stays open in the system UI until it is answered, however
 * long that takes.
 */
import type { SystemUi, SystemUiThing } from '../system-ui.ts';

export class KeyPrompt implements SystemUiThing {
  readonly id: string;
  private readonly outside: SystemUi;
  private state: 'unasked' | 'asked' | 'cancelled' | 'unlocked' = 'unasked';
  private readonly heard = Promise.withResolvers<void>();

  constructor(outside: SystemUi) {
    this.outside = outside;
    this.id = outside.newId('key-prompt');
  }

  /** Prompts once and waits for the answer; returns true while the key store is unlocked. */
  async answered(): Promise<boolean> {
    if (this.state === 'unasked') {
      this.state = 'asked';
      this.outside.show(this);
    }
    await this.heard.promise;
    return this.state === 'unlocked';
  }

  describe(): ReturnType<SystemUiThing['describe']> {
    const unlock = { action: 'unlock', label: 'Unlock' };
    return {
      id: this.id,
      what: 'dialog',
      title: 'Unlock the key ring',
      text: 'An application wants to use your key ring.',
      // A locked key ring can still be unlocked later, from the system UI.
      choices: this.state === 'cancelled' ? [unlock] : [unlock, { action: 'cancel', label: 'Cancel' }],
    };
  }

  act(action: string): boolean {
    if (action === 'unlock') {
      this.state = 'unlocked';
      this.outside.hide(this);
    } else if (action === 'cancel' && this.state === 'asked') {
      this.state = 'cancelled';
      this.outside.show(this);
    } else {
      return false;
    }
    this.heard.resolve();
    return true;
  }
}
