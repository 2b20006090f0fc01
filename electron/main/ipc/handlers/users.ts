import type { UsersService } from '../../services/users/users-service.ts';
import type { Handlers } from '../answer.ts';

/** Finding people. */
export function createUserHandlers(users: UsersService): Pick<Handlers, 'users.search' | 'users.get'> {
  return {
    'users.search': ({ q }) => users.search(q),
    'users.get': ({ id }) => users.get(id),
  };
}
