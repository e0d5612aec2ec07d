/** This machine: its Node, its terminal, its letters. Pure. */
import type { DoctorFinding } from '../../plain/doctor.ts';

export interface Machine {
  readonly node: string;
  /** Of stdout; undefined where it is no terminal. */
  readonly window: { readonly columns: number; readonly rows: number } | undefined;
  readonly colour: boolean;
  /** The walk can draw: keys and a screen that can be redrawn. */
  readonly interactive: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The walk's screen draws in less, and has the list of steps beside the step from here on. */
const COMFORT = { columns: 60, rows: 20 };

export function machineFindings(machine: Machine): readonly DoctorFinding[] {
  return [nodeFinding(machine), terminalFinding(machine), ...letterFindings(machine)];
}

function nodeFinding({ node }: Machine): DoctorFinding {
  const major = Number(node.split('.')[0]);
  if (major >= 22) return { id: 'node', status: 'ok', message: `Node ${node}.` };
  return {
    id: 'node',
    status: 'problem',
    message: `This is Node ${node}; labproof needs Node 22 or newer.`,
    fix: { message: 'Install it from https://nodejs.org.' },
  };
}

function terminalFinding({ window, colour, interactive, env }: Machine): DoctorFinding {
  const id = 'terminal';
  if (!window) return { id, status: 'ok', message: 'The output goes to a file or a pipe: plain text, no colour.' };
  const { columns, rows } = window;
  const size = `${columns} columns by ${rows} rows`;
  if (!interactive)
    return {
      id,
      status: 'warning',
      message: `${size}, but nothing can be redrawn here (TERM=${env.TERM ?? ''}${env.CI ? ', CI is set' : ''}): labproof start is linear text.`,
      fix: {
        message: 'For the screen, set TERM as your terminal has it, and run it outside of CI.',
        command: 'export TERM=xterm-256color',
      },
    };
  if (columns < COMFORT.columns || rows < COMFORT.rows)
    return {
      id,
      status: 'warning',
      message: `${size}: the guided walk wants ${COMFORT.columns} by ${COMFORT.rows}.`,
      fix: { message: 'Make the window larger, or walk in linear text.', command: 'labproof start --plain' },
    };
  return { id, status: 'ok', message: `${size}, ${colour ? 'with colour' : 'without colour'}.` };
}

/** POSIX, "Environment Variables": the first of these three that is set decides. */
function letterFindings({ platform, env, window }: Machine): readonly DoctorFinding[] {
  if (platform === 'win32' || !window) return [];
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  if (/utf-?8/i.test(locale ?? '')) return [{ id: 'letters', status: 'ok', message: `UTF-8 (${locale}).` }];
  return [
    {
      id: 'letters',
      status: 'warning',
      message: `The locale is ${locale ?? 'not set'}, not UTF-8: signs such as ✓ and → may look odd.`,
      fix: { message: 'Choose a UTF-8 locale.', command: 'export LANG=C.UTF-8' },
    },
  ];
}
