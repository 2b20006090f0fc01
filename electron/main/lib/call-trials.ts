/**
 * What Chromium can do for calls and does only when it is told to, in the form of its switch `force-fieldtrials`.
 *
 * `WebRTC-IceHandshakeDtls`: the handshake of DTLS travels in the checks of ICE (draft-hancke-webrtc-sped). Both go on
 * side by side, and what is lost goes again with the next check, not after a timer that doubles. An other side that does
 * not know it leaves it out of its checks, and both shake hands as usual.
 */
export const CALL_TRIALS = 'WebRTC-IceHandshakeDtls/Enabled/';
