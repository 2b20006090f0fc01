import { describe, expect, it, test } from 'vitest';
import type { AttachmentView } from '#contract/ipc/views.ts';
import {
  filesHeight,
  isPicturesOnly,
  mediaWidth,
  splitFiles,
} from '../../../../renderer/src/features/conversation/media-width.ts';
import { attachmentView } from '../bridge-double.ts';

const picture = (width = 800, height = 600): AttachmentView => attachmentView('p', { kind: 'image', width, height });
const narrow = picture(100, 400);
const video = attachmentView('v', { kind: 'video', width: 1280, height: 720 });
const voice = attachmentView('a', { kind: 'audio', voice: true });
const paper = attachmentView('d');

describe('mediaWidth', () => {
  it.each<[string, AttachmentView[], string, number | null]>([
    ['no files', [], '', null],
    ['a document', [paper], '', null],
    ['a picture', [picture()], '', 420],
    ['a narrow picture', [narrow], '', 176],
    ['a narrow picture with words', [narrow], 'words', 260],
    ['a narrow picture beside a document', [narrow, paper], '', 260],
    ['a video', [video], '', 420],
    ['the wider of both', [narrow, video], '', 420],
  ])('%s', (_name, attachments, text, width) => {
    expect(mediaWidth({ attachments, text })).toBe(width);
  });
});

test('the time lies over pictures alone', () => {
  expect(isPicturesOnly({ attachments: [picture(), picture()], text: '' })).toBe(true);
  expect(isPicturesOnly({ attachments: [picture()], text: 'a' })).toBe(false);
  expect(isPicturesOnly({ attachments: [picture(), paper], text: '' })).toBe(false);
  expect(isPicturesOnly({ attachments: [], text: '' })).toBe(false);
});

test('a video can be saved as well; a voice message is a sound whatever its container is called', () => {
  const odd = attachmentView('o', { kind: 'video', voice: true });
  expect(splitFiles([paper, odd, picture(), video, voice])).toEqual({
    pictures: [picture()],
    videos: [video],
    sounds: [odd, voice],
    cards: [paper, video],
  });
});

test('the estimate adds what is below each other', () => {
  const height = (...attachments: AttachmentView[]): number => filesHeight({ attachments });
  expect(height(picture())).toBe(315);
  expect(height(picture(), picture())).toBe(156);
  expect(height(paper, paper)).toBe(104);
  expect(height(voice)).toBe(60);
  expect(height(video)).toBe(236 + 52);
  expect(height()).toBe(0);
});
