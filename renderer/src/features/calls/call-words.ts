/** Words for a call's states, ends and problems. */
import type { CallEnd, CallRecordView, CallView } from '#contract/ipc/call-views.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useWords } from '../../i18n/use-words.ts';
import type { CallMedia, MediaProblem, Quality } from '../../stores/call-session.ts';

const ENDS: Readonly<Record<CallEnd, string>> = {
  hung_up: 'calls.ended.hungUpEarly',
  rejected: 'calls.ended.rejected',
  cancelled: 'calls.ended.cancelled',
  missed: 'calls.ended.missed',
  busy: 'calls.ended.busy',
  elsewhere: 'calls.ended.elsewhere',
  unreachable: 'calls.ended.unreachable',
  failed: 'calls.ended.failed',
};
const RECORDS: Readonly<Record<CallEnd, string>> = {
  hung_up: 'calls.history.outgoing',
  rejected: 'calls.history.declined',
  cancelled: 'calls.history.cancelled',
  missed: 'calls.history.noAnswer',
  busy: 'calls.history.busy',
  elsewhere: 'calls.history.incoming',
  unreachable: 'calls.history.unreachable',
  failed: 'calls.history.failed',
};
const QUALITY: Readonly<Record<Quality, string>> = {
  good: 'calls.quality.good',
  fair: 'calls.quality.fair',
  poor: 'calls.quality.poor',
  bad: 'calls.quality.bad',
};
const MICROPHONE: Readonly<Record<MediaProblem, string>> = {
  denied: 'calls.problem.microphoneDenied',
  none: 'calls.problem.microphoneNone',
  busy: 'calls.problem.microphoneBusy',
  unplugged: 'calls.problem.microphoneUnplugged',
  cancelled: 'calls.problem.microphoneDenied',
  failed: 'calls.problem.microphoneFailed',
};
const CAMERA: Readonly<Record<MediaProblem, string>> = {
  denied: 'calls.problem.cameraDenied',
  none: 'calls.problem.cameraNone',
  busy: 'calls.problem.cameraBusy',
  unplugged: 'calls.problem.cameraUnplugged',
  cancelled: 'calls.problem.cameraDenied',
  failed: 'calls.problem.cameraFailed',
};

/** A call that nobody here answered. */
export function isMissed({ incoming, end }: Pick<CallRecordView, 'incoming' | 'end'>): boolean {
  return incoming && (end === 'missed' || end === 'cancelled' || end === 'busy' || end === 'unreachable');
}

export function useCallWords() {
  const { t } = useWords();
  const format = useFormat();
  return {
    /** What became of a call, for a notice; null where the user did it and sees it. */
    end(call: CallView): string | null {
      const { end, incoming, peer, duration } = call;
      if (end === null) return null;
      if (isMissed({ incoming, end })) return t('calls.ended.missedYou', { name: peer.name });
      // Declined or put away here.
      if (incoming && end === 'rejected') return null;
      if (end === 'hung_up' && duration !== null)
        return t('calls.ended.hungUp', { duration: format.duration(duration) });
      return t(ENDS[end], { name: peer.name });
    },
    /** What kind of call it was, in a line of the history. */
    record(record: CallRecordView): string {
      const { incoming, end, duration, type } = record;
      const kind = isMissed(record)
        ? t('calls.history.missed')
        : end === 'hung_up' && incoming
          ? t('calls.history.incoming')
          : t(RECORDS[end]);
      return [
        kind,
        type === 'video' ? t('calls.history.video') : '',
        duration === null ? '' : format.duration(duration),
      ]
        .filter((part) => part !== '')
        .join(' · ');
    },
    /** A call as a line of its chat. */
    line({ type, end, incoming, duration }: CallRecordView): string {
      const video = type === 'video';
      if (end === 'hung_up') {
        if (duration === null) return video ? t('calls.line.video') : t('calls.line.audio');
        const time = { duration: format.duration(duration) };
        return video ? t('calls.line.videoLasted', time) : t('calls.line.audioLasted', time);
      }
      if (end === 'rejected') return video ? t('calls.line.declinedVideo') : t('calls.line.declined');
      if (end === 'failed') return video ? t('calls.line.failedVideo') : t('calls.line.failed');
      if (end === 'busy' && !incoming) return video ? t('calls.line.busyVideo') : t('calls.line.busy');
      return video ? t('calls.line.missedVideo') : t('calls.line.missed');
    },
    /** What is going on, instead of the time; null while the two are connected. */
    status(call: CallView, media: CallMedia | null): string | null {
      if (call.state === 'starting') return t('calls.status.starting');
      if (call.state === 'ringing') return t('calls.status.ringing');
      if (!media || media.link === 'waiting' || media.link === 'connecting')
        return media?.noRoute
          ? media.relayOnly
            ? t('calls.status.noRelay')
            : t('calls.status.noRoute')
          : t('calls.status.connecting');
      return media.link === 'reconnecting' ? t('calls.status.reconnecting') : null;
    },
    quality: (quality: Quality): string => t(QUALITY[quality]),
    microphone: (problem: MediaProblem): string => t(MICROPHONE[problem]),
    camera: (problem: MediaProblem): string => t(CAMERA[problem]),
  };
}
