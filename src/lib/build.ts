/** Put there by `scripts/build.ts`. */
declare const LABPROOF_BUILD: string | undefined;

/** Which build of labproof this is: the same where all that judges is the same. Run from its sources it has no such name. */
export const BUILD = typeof LABPROOF_BUILD === 'string' ? LABPROOF_BUILD : 'source';
