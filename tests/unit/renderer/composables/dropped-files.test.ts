// @vitest-environment happy-dom
/** A drag over a place, with the events a browser sends. */
import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { h } from 'vue';
import { useFileDrop, type DroppedFiles } from '../../../../renderer/src/composables/dropped-files.ts';
import { useDropGuard } from '../../../../renderer/src/composables/use-drop-guard.ts';

interface Item {
  kind: 'file' | 'string';
  type: string;
  folder?: boolean;
  name?: string;
}

/** As much of a DataTransfer as is read; happy-dom has no entries. */
function transferOf(items: Item[], types = ['Files']): DataTransfer {
  return {
    types,
    dropEffect: 'none',
    items: items.map(({ kind, type, folder, name = 'f' }) => ({
      kind,
      type,
      webkitGetAsEntry: () => (kind === 'file' ? { isDirectory: folder === true, name } : null),
      getAsFile: () => (kind === 'file' ? new File([], name, { type }) : null),
    })),
  } as unknown as DataTransfer;
}

const PICTURE: Item = { kind: 'file', type: 'image/png', name: 'a.png' };
let dropped: DroppedFiles[] = [];
let drop: ReturnType<typeof useFileDrop>;
let page: ReturnType<typeof mount>;

const Place = {
  setup() {
    drop = useFileDrop((files) => dropped.push(files));
    useDropGuard();
    return () =>
      h('div', [
        h(
          'section',
          {
            onDragenter: drop.on.dragenter,
            onDragover: drop.on.dragover,
            onDragleave: drop.on.dragleave,
            onDrop: drop.on.drop,
          },
          [h('p', 'inside')],
        ),
        h('aside', 'beside'),
      ]);
  },
};

function send(name: string, at: string, transfer: DataTransfer, more: object = {}): Event {
  const event = new Event(name, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: transfer, shiftKey: false, relatedTarget: null, ...more });
  page.get(at).element.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  dropped = [];
  page = mount(Place, { attachTo: document.body });
});
afterEach(() => page.unmount());

describe('a drag of files', () => {
  test('is taken, and described by how many there are and of which types', () => {
    const transfer = transferOf([PICTURE, { kind: 'string', type: 'text/plain' }]);
    const event = send('dragenter', 'p', transfer);
    expect(event.defaultPrevented).toBe(true);
    expect(transfer.dropEffect).toBe('copy');
    expect(drop.over.value).toEqual({ count: 1, types: ['image/png'], shift: false });
    const same = drop.over.value;
    send('dragover', 'p', transfer);
    expect(drop.over.value).toBe(same);
    send('dragover', 'p', transfer, { shiftKey: true });
    expect(drop.over.value?.shift).toBe(true);
  });

  test('ends when it leaves, not between two parts of the place', () => {
    send('dragenter', 'p', transferOf([PICTURE]));
    send('dragleave', 'section', transferOf([PICTURE]), { relatedTarget: page.get('p').element });
    expect(drop.over.value).not.toBeNull();
    send('dragleave', 'section', transferOf([PICTURE]), { relatedTarget: page.get('aside').element });
    expect(drop.over.value).toBeNull();
  });

  test('ends without a word when it is dropped elsewhere or given up', () => {
    for (const name of ['dragend', 'drop']) {
      send('dragenter', 'p', transferOf([PICTURE]));
      window.dispatchEvent(new Event(name));
      expect(drop.over.value, name).toBeNull();
    }
  });

  test('ends after a silence: browsers repeat their events even when the pointer rests', () => {
    vi.useFakeTimers();
    send('dragenter', 'p', transferOf([PICTURE]));
    vi.advanceTimersByTime(1_900);
    send('dragover', 'p', transferOf([PICTURE]));
    vi.advanceTimersByTime(1_900);
    expect(drop.over.value).not.toBeNull();
    vi.advanceTimersByTime(200);
    expect(drop.over.value).toBeNull();
    send('dragenter', 'p', transferOf([PICTURE]));
    page.unmount();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('gives files and the names of folders', () => {
    const items: Item[] = [PICTURE, { kind: 'file', type: '', folder: true, name: 'holiday' }, PICTURE];
    const event = send('drop', 'p', transferOf(items));
    expect(event.defaultPrevented).toBe(true);
    expect(dropped.map(({ files, folders }) => [files.map(({ name }) => name), folders])).toEqual([
      [['a.png', 'a.png'], ['holiday']],
    ]);
  });
});

describe('a drag of words', () => {
  test('is left to the browser', () => {
    const transfer = transferOf([{ kind: 'string', type: 'text/uri-list' }], ['text/uri-list']);
    expect(send('dragenter', 'p', transfer).defaultPrevented).toBe(false);
    expect(send('drop', 'p', transfer).defaultPrevented).toBe(false);
    expect(send('drop', 'aside', transfer).defaultPrevented).toBe(false);
    expect([drop.over.value, dropped]).toEqual([null, []]);
  });
});

test('files beside the place are refused, where the browser would open them', () => {
  const transfer = transferOf([PICTURE]);
  transfer.dropEffect = 'copy';
  expect(send('dragover', 'aside', transfer).defaultPrevented).toBe(true);
  expect(transfer.dropEffect).toBe('none');
  expect(send('drop', 'aside', transfer).defaultPrevented).toBe(true);
  expect(dropped).toEqual([]);
  page.unmount();
  const outside = new Event('dragover', { cancelable: true });
  Object.assign(outside, { dataTransfer: transfer });
  window.dispatchEvent(outside);
  expect(outside.defaultPrevented).toBe(false);
});
