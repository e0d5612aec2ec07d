const marks = {
  output: '\n---Output truncated---',
  error: '\n---Error truncated----',
  title: '\n----------ERROR-------\n',
};

/**
 * A plugin's output as the agent reports it: both streams in one text, the longer one cut (amazon-ssm-agent,
 * TruncateOutput). So a long ping's statistics are missing here, and are found in GetCommandInvocation only.
 */
export function pluginOutput(stdout: string, stderr: string, capacity = 2400): string {
  const title = stderr === '' ? '' : marks.title;
  const space = capacity - title.length;
  if (stdout.length + stderr.length < space) return stdout + title + stderr;
  if (stdout.length > space / 2 && stderr.length > space / 2) {
    const each = Math.floor((space - marks.error.length - marks.output.length) / 2);
    return stdout.slice(0, each) + marks.output + title + stderr.slice(0, each) + marks.error;
  }
  if (stdout.length < space / 2) {
    const rest = space - marks.error.length - stdout.length;
    return stdout + title + stderr.slice(0, rest) + marks.error;
  }
  return stdout.slice(0, space - marks.output.length - stderr.length) + marks.output + title + stderr;
}
