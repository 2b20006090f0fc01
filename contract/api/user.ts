import { z } from 'zod';
import { LIMITS } from '../model/limits.ts';
import { USERNAME_PATTERN } from '../model/text.ts';
import { Id, personName, storableText, Timestamp } from './shared.ts';

/** A person. Only what identifies them is required: a server may leave the rest out. */
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

export const Username = z
  .string()
  .min(LIMITS.username.min)
  .max(LIMITS.username.max)
  .refine((text) => USERNAME_PATTERN.test(text), { params: { problem: 'bad_characters' } });

export const RegisterBody = z.object({
  username: Username,
  firstName: personName(LIMITS.firstName),
  lastName: personName(LIMITS.lastName),
  age: z.number().int().min(LIMITS.age.min).max(LIMITS.age.max),
  bio: storableText(LIMITS.bio).optional(),
  password: storableText(LIMITS.password),
});
export type RegisterBody = z.infer<typeof RegisterBody>;

/** A wrong pair is 401 whatever it looks like, so only the sizes are bound. */
export const LoginBody = z.object({
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(LIMITS.password.max),
});
export type LoginBody = z.infer<typeof LoginBody>;

export const UpdateProfileBody = z.object({
  firstName: personName(LIMITS.firstName).optional(),
  lastName: personName(LIMITS.lastName).optional(),
  bio: storableText(LIMITS.bio).optional(),
  avatarUrl: z
    .union([
      z.literal(''),
      z
        .string()
        .max(LIMITS.avatarUrl.max)
        .regex(/^(https?:\/\/|\/)[^\s]*$/i),
    ])
    .optional(),
});
export type UpdateProfileBody = z.infer<typeof UpdateProfileBody>;
