/**
 * `dialog`: a dialog that stays open in the system UI until it is answered. Before the application is ready only the
 * error box is available, and on Linux that is a line on stderr that goes unseen.
 */
import { writeSync } from 'node:fs';
import { guard } from '../guard.ts';
import type { SystemUi, SystemUiThing } from '../system-ui.ts';

/** Creates the module. */
export function createDialog(outside: SystemUi, isReady: () => boolean): Electron.Dialog {
  async function showMessageBox(
    ...args: [Electron.BaseWindow, Electron.MessageBoxOptions] | [Electron.MessageBoxOptions]
  ): Promise<Electron.MessageBoxReturnValue> {
    if (!isReady()) throw new Error('dialog module can only be used after app is ready');
    const options = args.length === 2 ? args[1] : args[0];
    const buttons = options.buttons && options.buttons.length > 0 ? options.buttons : ['OK'];
    outside.note('dialog', { message: options.message, detail: options.detail ?? '', buttons });
    return new Promise((resolve) => {
      const thing: SystemUiThing = {
        id: outside.newId('dialog'),
        describe: () => ({
          id: thing.id,
          what: 'dialog',
          title: options.message,
          text: options.detail ?? '',
          choices: buttons.map((label, index) => ({ action: `button:${index}`, label })),
        }),
        act(action) {
          const index = Number(/^button:(\d+)$/.exec(action)?.[1] ?? -1);
          if (!(index in buttons)) return false;
          outside.hide(thing);
          resolve({ response: index, checkboxChecked: options.checkboxChecked ?? false });
          return true;
        },
      };
      outside.show(thing);
    });
  }

  /** A dialog for a place: the action alone takes the one that is offered, `action:/some/path` another, `cancel` none: ''. */
  function askPlace(asked: { title: string; offered: string; action: string; label: string }): Promise<string> {
    const { title, offered, action: take, label } = asked;
    return new Promise((resolve) => {
      const thing: SystemUiThing = {
        id: outside.newId('dialog'),
        describe: () => ({
          id: thing.id,
          what: 'dialog',
          title,
          text: offered,
          choices: [
            { action: take, label },
            { action: 'cancel', label: 'Cancel' },
          ],
        }),
        act(action) {
          const other = action.startsWith(`${take}:`) ? action.slice(take.length + 1) : '';
          const place = action === take ? offered : other;
          if (place === '' && action !== 'cancel') return false;
          outside.hide(thing);
          resolve(place);
          return true;
        },
      };
      outside.show(thing);
    });
  }

  /** `save` takes the place that is offered, `save:/some/path` another one, `cancel` none. */
  async function showSaveDialog(
    ...args: [Electron.BaseWindow, Electron.SaveDialogOptions] | [Electron.SaveDialogOptions]
  ): Promise<Electron.SaveDialogReturnValue> {
    if (!isReady()) throw new Error('dialog module can only be used after app is ready');
    const { title = 'Save As', defaultPath = '' } = args.length === 2 ? args[1] : args[0];
    outside.note('save-dialog', { defaultPath });
    const place = await askPlace({ title, offered: defaultPath, action: 'save', label: 'Save' });
    return { canceled: place === '', filePath: place };
  }

  /** `choose` takes the folder that is offered, `choose:/some/path` another one, `cancel` none. */
  async function showOpenDialog(
    ...args: [Electron.BaseWindow, Electron.OpenDialogOptions] | [Electron.OpenDialogOptions]
  ): Promise<Electron.OpenDialogReturnValue> {
    if (!isReady()) throw new Error('dialog module can only be used after app is ready');
    const { title = 'Open', defaultPath = '', properties = [] } = args.length === 2 ? args[1] : args[0];
    outside.note('open-dialog', { defaultPath, properties });
    const place = await askPlace({ title, offered: defaultPath, action: 'choose', label: 'Choose' });
    return { canceled: place === '', filePaths: place === '' ? [] : [place] };
  }
  return guard<Electron.Dialog>('dialog', {
    showMessageBox,
    showSaveDialog,
    showOpenDialog,
    showErrorBox(title, content) {
      outside.note('error-box', { title, content, seen: isReady() || process.platform !== 'linux' });
      writeSync(2, `${title}\n${content}\n`);
    },
  });
}
