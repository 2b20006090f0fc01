/** What a page asks of one account: each domain's commands, under the names of their channels; and its files. */
import { withInterest } from './ipc/handlers/interest.ts';
import { accountHandlersOf } from './ipc/handlers/of-service.ts';
import type { Pages } from './ipc/pages.ts';
import type { Account } from './services/accounts/account.ts';
import type { Accounts } from './services/accounts/accounts.ts';
import { callCommands } from './services/commands/calls.ts';
import { chatCommands } from './services/commands/chats.ts';
import { exportCommands } from './services/commands/exports.ts';
import { fileCommands } from './services/commands/files.ts';
import { laterCommands } from './services/commands/later.ts';
import { messageCommands } from './services/commands/messages.ts';
import { musicCommands } from './services/commands/music.ts';
import { noteCommands } from './services/commands/notes.ts';
import { searchCommands } from './services/commands/search.ts';
import { userCommands } from './services/commands/users.ts';
import type { MediaAccount } from './services/files/media.ts';

/** The handlers of all account channels; a page that asks for messages is subscribed to their chat. */
export function accountCommands(accounts: Pick<Accounts, 'command'>, pages: Pages) {
  return {
    ...accountHandlersOf('users', accounts, userCommands),
    ...accountHandlersOf('chats', accounts, chatCommands),
    ...withInterest(pages, accountHandlersOf('messages', accounts, messageCommands)),
    ...accountHandlersOf('search', accounts, searchCommands),
    ...accountHandlersOf('files', accounts, fileCommands),
    ...accountHandlersOf('music', accounts, musicCommands),
    ...accountHandlersOf('exports', accounts, exportCommands),
    ...accountHandlersOf('later', accounts, laterCommands),
    ...accountHandlersOf('notes', accounts, noteCommands),
    ...accountHandlersOf('calls', accounts, callCommands),
  };
}

/** What the page's media need of an account; null when it is not open. */
export function filesOfAccount(account: Account | null): MediaAccount | null {
  return (
    account && {
      connection: account.connection,
      knownFile: (id) => account.store.writer.knownFile({ id }),
      upload: (id) => account.files.find(id),
      sentAs: (id) => account.files.sentAs(id),
    }
  );
}
