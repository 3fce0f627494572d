/** What a worker is doing, as it says in its control word: 0, which is there before, until it has begun. */

export const ready = 1;
/** It has claimed a call that is not done. */
export const busy = 2;
/** Its thread has ended, or is about to. */
export const gone = 3;
