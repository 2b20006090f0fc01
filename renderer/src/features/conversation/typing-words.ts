/** Who is typing, as text. Pure: strings come from a function argument. */
import type { TypingUsers } from '../../stores/account/typing.ts';

type Translate = (key: string, values?: Record<string, string>, count?: number) => string;

/** `alone`: a chat of two, where the name is redundant. */
export function typingWords(users: TypingUsers, alone: boolean, t: Translate): string {
  const [first, second] = users;
  if (!first) return '';
  if (alone) return t('conversation.typing.alone');
  if (!second) return t('conversation.typing.one', { a: first.name });
  if (users.length === 2) return t('conversation.typing.two', { a: first.name, b: second.name });
  const rest = users.length - 1;
  return t('conversation.typing.many', { a: first.name, n: String(rest) }, rest);
}
