/** A learner's id names files: on Linux, macOS and Windows, and in a class that moves between them. */

const MOST_CHARACTERS = 100;
/** A file name may have 255 bytes; endings such as `.html` come to it. */
const MOST_BYTES = 200;
/** Microsoft: Naming Files, Paths, and Namespaces. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Two ids that differ in such a character only look like one. Default_Ignorable_Code_Point: UAX 44. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const OTHER_SPACE = /(?! )\p{Zs}/u;

/** Why an id cannot name a file; undefined where it can. */
export function unfitForFileName(id: string): string | undefined {
  const [invisible] = INVISIBLE.exec(id) ?? [];
  if (invisible) return `it holds ${codePoint(invisible)}, which cannot be seen`;
  const [space] = OTHER_SPACE.exec(id) ?? [];
  if (space) return `it holds ${codePoint(space)}, which looks like a space and is another character`;
  if (/[\\/]/.test(id)) return 'it holds a slash';
  const [forbidden] = /[<>:"|?*]/.exec(id) ?? [];
  if (forbidden) return `it holds ${forbidden}, which Windows does not allow`;
  if (id.startsWith('.')) return 'it begins with a dot';
  if (/[. ]$/.test(id)) return 'it ends with a dot or space';
  if (DEVICE.test(id)) return 'it is the name of a device on Windows';
  if (id.length > MOST_CHARACTERS || Buffer.byteLength(id) > MOST_BYTES) return 'it is too long';
  return undefined;
}

/** The same for ids that macOS or Windows would take for one file. */
export function fileNameKey(id: string): string {
  return id.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** `U+200B`. */
function codePoint(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
