/** The conversation as one chunk: its view, and the warm-up that makes opening the first chat quick. */
export { default as ConversationView } from './ConversationView.vue';
export { warmUpSteps } from './warm-up.ts';
