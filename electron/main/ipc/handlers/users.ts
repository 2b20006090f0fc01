import type { UsersService } from '../../services/users/users-service.ts';
import type { Handlers } from '../answer.ts';

/** Finding people, their profiles, one's own. */
export function createUserHandlers(
  users: UsersService,
): Pick<Handlers, 'users.search' | 'users.get' | 'users.updateMe'> {
  return {
    'users.search': ({ q }) => users.search(q),
    'users.get': ({ id }) => users.get(id),
    'users.updateMe': (input) => users.updateMe(input),
  };
}
