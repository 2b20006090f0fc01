/** The conversation, as one chunk: its view, and the rehearsal that makes the first opening quick. */
export { default as ConversationView } from './ConversationView.vue';
export { rehearsal } from './rehearsal.ts';
