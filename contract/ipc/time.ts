import { z } from 'zod';
import { MOST } from '../model/limits.ts';

/** Milliseconds since the epoch: any time that a `Date` can hold. */
export const Time = z.number().min(-MOST.moment).max(MOST.moment);
