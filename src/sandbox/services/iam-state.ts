/** A policy document as the caller sent it: JSON text, kept to the letter. */
export type PolicyDocumentText = string;
