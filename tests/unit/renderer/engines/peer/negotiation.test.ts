/** Which descriptions and candidates are taken, and what is read from them. */
import { describe, expect, test } from 'vitest';
import {
  fits,
  judge,
  partsOf,
  sessionOf,
  withOpus,
  withStartBitrate,
  type NegotiationState,
  type Verdict,
} from '../../../../../renderer/src/engines/peer/negotiation.ts';

const sdpOf = (session: string, rest = ''): string =>
  `v=0\r\no=- ${session} 2 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n${rest}`;
const offer = (session = '7') => ({ type: 'offer' as const, sdp: sdpOf(session) });
const answer = (session = '7') => ({ type: 'answer' as const, sdp: sdpOf(session) });
const state = (more: Partial<NegotiationState> = {}): NegotiationState => ({
  ...{ polite: false, makingOffer: false, settingAnswer: false, signaling: 'stable' },
  ...{ session: null, retired: new Set<string>() },
  ...more,
});

describe('perfect negotiation', () => {
  test.each<[string, Parameters<typeof judge>[0], Partial<NegotiationState>, Verdict]>([
    ['the first offer', offer(), {}, 'apply'],
    ['another offer of the same session', offer(), { session: '7' }, 'apply'],
    ['an offer of a new session', offer('8'), { session: '7' }, 'rebuild'],
    ['an offer of a session that was given up', offer('6'), { session: '7', retired: new Set(['6']) }, 'drop'],
    ['glare: the impolite side ignores', offer(), { signaling: 'have-local-offer' }, 'ignore'],
    ['glare: the polite side gives way', offer(), { signaling: 'have-local-offer', polite: true }, 'apply'],
    ['an offer while one is being made', offer(), { makingOffer: true }, 'ignore'],
    ['the same for the polite side', offer(), { makingOffer: true, polite: true }, 'apply'],
    ['an offer right behind an answer', offer(), { signaling: 'have-local-offer', settingAnswer: true }, 'apply'],
    ['the answer that is waited for', answer(), { signaling: 'have-local-offer' }, 'apply'],
    ['an answer of a new session', answer('8'), { signaling: 'have-local-offer', session: '7' }, 'rebuild'],
    ['an answer to nothing', answer(), {}, 'drop'],
    [
      'an answer of a session that was given up',
      answer('6'),
      { signaling: 'have-local-offer', retired: new Set(['6']) },
      'drop',
    ],
    ['a rollback by the other side', { type: 'rollback', sdp: '' }, {}, 'drop'],
    ['a provisional answer', { type: 'pranswer', sdp: sdpOf('7') }, { signaling: 'have-local-offer' }, 'drop'],
    ['a description without text', { type: 'offer' }, {}, 'drop'],
    ['nonsense', { type: 'offer', sdp: 'hello' }, {}, 'drop'],
  ])('%s', (_name, description, more, verdict) => {
    expect(judge(description, state(more))).toBe(verdict);
  });
});

describe('candidates', () => {
  const sdp = sdpOf('7', 'a=ice-ufrag:AbCd\r\n');
  test.each([
    ['of this description', 'AbCd', sdp, true],
    ['of another one', 'WxYz', sdp, false],
    ['that says nothing', undefined, sdp, true],
    ['that says nothing, before there is a description', null, null, false],
    ['before there is a description', 'AbCd', null, false],
  ])('%s', (_name, fragment, text, expected) => {
    expect(fits(fragment, text)).toBe(expected);
  });
});

test('the session and the parts of a description', () => {
  expect(sessionOf(sdpOf('4611732158432'))).toBe('4611732158432');
  expect(sessionOf('')).toBeNull();
  expect(partsOf(`${sdpOf('1')}m=video 9 X 96\r\nm=application 9 Y z\r\n`)).toEqual(['audio', 'video', 'application']);
});

describe('Opus', () => {
  const rtpmap = 'a=rtpmap:111 opus/48000/2\r\n';
  test.each([
    [
      'keeps what is there',
      `${rtpmap}a=fmtp:111 minptime=10;useinbandfec=1\r\n`,
      'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1',
    ],
    [
      'replaces what contradicts',
      `${rtpmap}a=fmtp:111 usedtx=0;useinbandfec=0\r\n`,
      'a=fmtp:111 useinbandfec=1;usedtx=1',
    ],
    ['adds a line where there is none', rtpmap, 'a=fmtp:111 useinbandfec=1;usedtx=1'],
  ])('%s', (_name, rest, line) => {
    const lines = withOpus(sdpOf('1', rest)).split('\r\n');
    expect(lines.filter((one) => one.startsWith('a=fmtp:111'))).toEqual([line]);
  });

  test('leaves a description without Opus alone', () => {
    expect(withOpus(sdpOf('1'))).toBe(sdpOf('1'));
  });
});

describe('the bitrate that pictures begin with', () => {
  const START = 'x-google-start-bitrate=800';
  const vp8 = 'm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\n';
  const rtx = 'a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n';
  const vp9 = 'm=video 9 UDP/TLS/RTP/SAVPF 98\r\na=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\n';

  test.each([
    ['a codec without a line', vp8, [`a=fmtp:96 ${START}`]],
    ['a codec with one', vp9, [`a=fmtp:98 profile-id=0;${START}`]],
    ['not what repeats lost packets', vp8 + rtx, [`a=fmtp:96 ${START}`, 'a=fmtp:97 apt=96']],
    ['every part has its own', vp8 + vp9, [`a=fmtp:96 ${START}`, `a=fmtp:98 profile-id=0;${START}`]],
    ['one that says it already', vp9.replace('id=0', `id=0;${START}`), [`a=fmtp:98 profile-id=0;${START}`]],
    [
      'another part where the number is a sound',
      `${vp8}m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 minptime=10\r\n`,
      [`a=fmtp:96 ${START}`, 'a=fmtp:96 minptime=10'],
    ],
  ])('%s', (_name, rest, lines) => {
    const sdp = withStartBitrate(sdpOf('1', rest), 800);
    expect(sdp.split('\r\n').filter((line) => line.startsWith('a=fmtp:'))).toEqual(lines);
  });

  test('changes nothing else', () => {
    const kept = (sdp: string): string[] => sdp.split('\r\n').filter((line) => !line.startsWith('a=fmtp:'));
    expect(kept(withStartBitrate(sdpOf('1', vp8 + rtx + vp9), 800))).toEqual(kept(sdpOf('1', vp8 + rtx + vp9)));
    expect(withStartBitrate(sdpOf('1'), 800)).toBe(sdpOf('1'));
  });

  test('keeps the ends of lines as they are', () => {
    expect(withStartBitrate('v=0\nm=video 9 X 96\na=rtpmap:96 AV1/90000\n', 500)).toBe(
      'v=0\nm=video 9 X 96\na=rtpmap:96 AV1/90000\na=fmtp:96 x-google-start-bitrate=500\n',
    );
  });
});
