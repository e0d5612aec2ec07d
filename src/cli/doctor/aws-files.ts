/** ~/.aws/config and ~/.aws/credentials: which profiles are there, and lines that AWS's tools pass over in silence. Pure. */
import type { DoctorFinding } from '../../plain/doctor.ts';

export interface AwsFile {
  readonly path: string;
  readonly kind: 'config' | 'credentials';
  /** undefined: there is none. */
  readonly text: string | undefined;
  /** Why it could not be read. */
  readonly unreadable?: string;
}

/** AWS SDKs and Tools Reference Guide, "Format of the config file" and "Format of the credentials file". */
const SECTION = /^\[\s*([^\]]*?)\s*\]\s*([#;].*)?$/;
const CONFIG_SECTION = /^(default|(profile|sso-session|services)\s+\S.*)$/;

export function profilesIn(files: readonly AwsFile[]): readonly string[] {
  const names = files.flatMap(({ kind, text = '' }) =>
    linesOf(text).flatMap((line) => {
      const section = SECTION.exec(line)?.[1];
      if (section === undefined) return [];
      if (kind === 'credentials' || section === 'default') return [section];
      return /^profile\s+/.test(section) ? [section.replace(/^profile\s+/, '').replace(/^(["'])(.*)\1$/, '$2')] : [];
    }),
  );
  return [...new Set(names)];
}

/** A finding a file that has something wrong. No line is repeated: it may hold a secret. */
export function awsFileFindings(files: readonly AwsFile[]): readonly DoctorFinding[] {
  return files.flatMap(({ path, kind, text, unreadable }): DoctorFinding[] => {
    const id = `aws ${kind} file`;
    if (unreadable !== undefined)
      return [
        {
          id,
          status: 'problem',
          message: `${path} cannot be read: ${unreadable}.`,
          fix: { message: 'Give yourself the right to read it.', command: `chmod u+r ${path}` },
        },
      ];
    const [first, ...more] = text === undefined ? [] : oddLines(text, kind);
    if (!first) return [];
    const others = more.length > 0 ? ` (lines ${more.map(({ line }) => line).join(', ')} are odd, too)` : '';
    return [
      {
        id,
        status: 'warning',
        message: `${path}:${first.line}: ${first.why}${others}. AWS's tools pass over it without a word.`,
        fix: { message: `Mend the line, or write the file anew with aws configure.` },
      },
    ];
  });
}

function oddLines(text: string, kind: AwsFile['kind']): readonly { readonly line: number; readonly why: string }[] {
  let inSection = false;
  return linesOf(text).flatMap((raw, index) => {
    const why = whyOdd(raw, kind, inSection);
    inSection ||= SECTION.test(raw);
    return why === undefined ? [] : [{ line: index + 1, why }];
  });
}

function whyOdd(line: string, kind: AwsFile['kind'], inSection: boolean): string | undefined {
  const text = line.trim();
  if (text === '' || /^[#;]/.test(text)) return undefined;
  const section = SECTION.exec(text)?.[1];
  if (section !== undefined) {
    if (kind === 'config' && !CONFIG_SECTION.test(section))
      return 'a profile of this file begins with the word "profile", as in [profile dev]';
    if (kind === 'credentials' && /^profile\s/.test(section))
      return 'a profile of this file is named without the word "profile", as in [dev]';
    return undefined;
  }
  if (text.startsWith('[')) return 'the bracket ] is missing';
  if (!text.includes('=')) return 'it is neither [a section] nor name = value';
  return inSection ? undefined : 'it stands before the first [section]';
}

function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/\r?\n/);
}
