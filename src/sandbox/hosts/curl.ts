/** `curl` of Amazon Linux 2023, as far as asking a web server for a page goes. */
import { isAddress } from '../../model/network/cidr.ts';
import { type ConnectState, connectTo, type Outcome } from './connect.ts';
import type { Host } from './host.ts';
import { type Finished, failed } from './process.ts';

/** With a value: what it limits, in seconds. */
const TIMEOUTS = ['-m', '--max-time', '--connect-timeout'];
const SWITCHES: Readonly<Record<string, string>> = {
  '-s': 'silent',
  '--silent': 'silent',
  '-S': 'show-error',
  '--show-error': 'show-error',
  '-sS': 'silent show-error',
  '-I': 'head',
  '--head': 'head',
  '-sI': 'silent head',
};

const KNOWN = [...Object.keys(SWITCHES), ...TIMEOUTS].join(' ');

/** What Apache serves before anybody has put a page there. */
const PAGE = '<html><body><h1>It works!</h1></body></html>\n';
const HEAD =
  'HTTP/1.1 200 OK\r\nServer: Apache/2.4.62 (Amazon Linux)\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n';

export function startCurl(words: readonly string[], host: Host, at: number): ConnectState | Finished {
  const switches: string[] = [];
  const urls: string[] = [];
  let seconds: number | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const known = Object.hasOwn(SWITCHES, word) ? SWITCHES[word] : undefined;
    if (known !== undefined) switches.push(...known.split(' '));
    else if (TIMEOUTS.includes(word)) {
      index += 1;
      const value = Number(words[index]);
      if (!(value >= 0 && value < 86_400) || words[index] === '')
        return failed(`curl: option ${word}: expected a proper numerical parameter\n${TRY}`, 2);
      // 0 is no limit (curl(1), --max-time).
      if (value > 0) seconds = Math.min(seconds ?? value, value);
    } else if (word.startsWith('-'))
      return failed(`curl: this sandbox knows the options ${KNOWN} only, not ${word}`, 2);
    else urls.push(word);
  }
  const [text, second] = urls;
  if (text === undefined) return failed(`curl: (2) no URL specified\n${TRY}`, 2);
  if (second !== undefined) return failed('curl: this sandbox asks one server at a time', 2);
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  if (!url || !url.hostname) return failed('curl: (3) URL rejected: Malformed input to a URL function', 3);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return failed(`curl: (1) Protocol "${url.protocol.slice(0, -1)}" not supported`, 1);
  const name = url.hostname;
  const address = isAddress(name) ? name : host.resolve(name);
  if (address === 'unknown' || address === 'silent') return failed(`curl: (6) Could not resolve host: ${name}`, 6);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (port === 0)
    return failed(`curl: (7) Failed to connect to ${name} port 0 after 0 ms: Couldn't connect to server`, 7);
  return connectTo(host, { tool: 'curl', name, address, port, switches }, at, seconds && seconds * 1000);
}

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information";

/** The words and exit codes of curl 8. */
export function curlSays(state: ConnectState, outcome: Outcome, tookMs: number) {
  const { name, port, switches, limited } = state;
  const quiet = switches.includes('silent') && !switches.includes('show-error');
  const error = (code: number, message: string) => ({
    stdout: '',
    stderr: quiet ? '' : `curl: (${code}) ${message}\n`,
    exitCode: code,
  });
  const took = `${name} port ${port} after ${Math.round(tookMs)} ms`;
  switch (outcome.kind) {
    case 'timeout':
      return limited
        ? error(28, `Connection timed out after ${Math.round(tookMs) + 1} milliseconds`)
        : error(28, `Failed to connect to ${took}: Couldn't connect to server`);
    case 'refused':
      return error(7, `Failed to connect to ${took}: Couldn't connect to server`);
    case 'connected':
      if (outcome.service === 'ssh') return error(1, 'Received HTTP/0.9 when not allowed');
      return { stdout: switches.includes('head') ? HEAD : PAGE, stderr: '', exitCode: 0 };
  }
}
