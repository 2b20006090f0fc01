import type { IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron';
import { describe, expect, it } from 'vitest';
import { senderOf, type SenderRules } from '../../../../electron/main/ipc/sender.ts';
import { originOf } from '../../../../electron/main/lib/origin.ts';

/** A frame and contents as the check looks at them. */
interface FrameLook {
  parent: FrameLook | null;
  top: FrameLook | null;
  origin: string;
  url: string;
}

function frame(url: string, origin: string, more: Partial<FrameLook> = {}): FrameLook {
  const made: FrameLook = { parent: null, top: null, url, origin, ...more };
  made.top = more.top ?? made;
  return made;
}

const ours = {} as WebContents;
const rules: SenderRules = { roleOf: (contents) => (contents === ours ? 'call' : null), origin: 'app://relay' };

function problem(senderFrame: FrameLook | null, sender: WebContents = ours): string | null {
  const event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'> = {
    sender,
    senderFrame: senderFrame as WebFrameMain | null,
  };
  const found = senderOf(event, rules);
  return 'problem' in found ? found.problem : `speaks as ${found.role}`;
}

describe('who may speak', () => {
  it('is our page in the main frame of our window', () => {
    expect(problem(frame('app://relay/index.html', 'app://relay'))).toBe('speaks as call');
    expect(problem(frame('app://relay/index.html?plain=1#/chats/1', 'app://relay'))).toBe('speaks as call');
  });

  it.each([
    ['no frame', null],
    ['the web', frame('https://relay.plooza.io/', 'https://relay.plooza.io')],
    ['another host of our scheme', frame('app://other/index.html', 'app://other')],
    ['a longer host', frame('app://relay.evil.example/index.html', 'app://relay.evil.example')],
    ['a port', frame('app://relay:1/index.html', 'app://relay:1')],
    ['a file', frame('file:///index.html', 'file://')],
    ['a data address', frame('data:text/html,x', 'null')],
    ['an empty window of ours', frame('about:blank', 'app://relay')],
    ['our address with another origin', frame('app://relay/index.html', 'null')],
    [
      'a frame in our page',
      frame('app://relay/index.html', 'app://relay', { parent: frame('app://relay/index.html', 'app://relay') }),
    ],
    [
      'a frame whose top is another',
      frame('app://relay/index.html', 'app://relay', { top: frame('app://relay/x', 'app://relay') }),
    ],
  ])('not %s', (_who, senderFrame) => {
    expect(problem(senderFrame)).not.toContain('speaks');
  });

  it('not another window with our page', () => {
    expect(problem(frame('app://relay/index.html', 'app://relay'), {} as WebContents)).toBe('not our window');
  });

  it('not a frame that has gone', () => {
    const gone = new Proxy({} as FrameLook, {
      get: () => {
        throw new Error('Render frame was disposed');
      },
    });
    expect(problem(gone)).toBe('a frame that has gone');
  });

  it.each([
    ['app://relay/index.html#x', 'app://relay'],
    ['http://127.0.0.1:5173/', 'http://127.0.0.1:5173'],
    ['nonsense', 'null'],
  ])('the origin of %s is %s', (url, origin) => {
    expect(originOf(url)).toBe(origin);
  });
});
