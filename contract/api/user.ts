import { z } from 'zod';
import { LIMITS } from '../model/limits.ts';
import { isPictureUrl } from '../model/urls.ts';
import { countedText, Id, personName, storableText, Timestamp, username } from './shared.ts';

/** A person. Only identifying fields are required: a server may omit the rest. */
export const User = z
  .object({
    id: Id,
    username: z.string().min(1).max(100),
    firstName: z.string().max(200).nullish(),
    lastName: z.string().max(200).nullish(),
    age: z.number().min(0).max(1000).nullish(),
    bio: z.string().max(5000).nullish(),
    avatarUrl: z.string().max(LIMITS.avatarUrl.max).nullish(),
    createdAt: Timestamp.nullish(),
    online: z.boolean().nullish(),
    lastSeenAt: Timestamp.nullish(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const Username = username(LIMITS.username);

export const RegisterBody = z.object({
  username: Username,
  firstName: personName(LIMITS.firstName),
  lastName: personName(LIMITS.lastName),
  age: z.number().int().min(LIMITS.age.min).max(LIMITS.age.max),
  bio: storableText(LIMITS.bio).optional(),
  password: storableText(LIMITS.password),
});
export type RegisterBody = z.infer<typeof RegisterBody>;

/** Wrong credentials are 401 whatever they look like, so only the sizes are limited. */
export const LoginBody = z.object({
  username: countedText(LIMITS.signInName),
  password: countedText({ min: 1, max: LIMITS.password.max }),
});
export type LoginBody = z.infer<typeof LoginBody>;

export const UpdateProfileBody = z.object({
  firstName: personName(LIMITS.firstName).optional(),
  lastName: personName(LIMITS.lastName).optional(),
  bio: storableText(LIMITS.bio).optional(),
  /** Empty removes the picture. */
  avatarUrl: z
    .string()
    .max(LIMITS.avatarUrl.max)
    .refine((text) => text === '' || isPictureUrl(text), { params: { problem: 'invalid' } })
    .optional(),
});
export type UpdateProfileBody = z.infer<typeof UpdateProfileBody>;
