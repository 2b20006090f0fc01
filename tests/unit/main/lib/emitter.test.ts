import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../../electron/main/lib/emitter.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

describe('listeners', () => {
  it('hear until they are undone, and one that throws harms nobody', () => {
    const logger = recordingLogger();
    const heard: string[] = [];
    const emitter = new Emitter<[string]>('test', logger);
    const undo = emitter.on((word) => heard.push(`a ${word}`));
    emitter.on(() => {
      throw new TypeError('secret words');
    });
    emitter.on((word) => heard.push(`b ${word}`));
    emitter.emit('1');
    undo();
    undo();
    emitter.emit('2');
    expect(heard).toEqual(['a 1', 'b 1', 'b 2']);
    expect(logger.of('listener.threw')).toHaveLength(2);
    expect(JSON.stringify(logger.entries)).not.toContain('secret words');
  });
});
