import { spawnSync } from 'node:child_process';

/** What the DNS of a cluster answers for a name: from each second on so many addresses, each as often as stated. */
export type Answers = { readonly [host: string]: readonly (readonly [second: number, addresses: readonly string[]])[] };

/** A clock that runs as fast as it is asked, and a resolver that knows what comes when. */
const SURROUNDINGS = `
import json, socket, sys, time
answers, last, script = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
now = 0.0
def sleep(seconds):
    global now
    now += seconds
    if now > last:
        print('still waiting')
        raise SystemExit(0)
def getaddrinfo(host, port):
    known = [addresses for second, addresses in answers.get(host, []) if second <= now]
    if not known or not known[-1]:
        raise socket.gaierror(socket.EAI_NONAME, 'Name or service not known')
    return [(socket.AF_INET, kind, 0, '', (address, 0)) for address in known[-1] for kind in (1, 2, 3)]
time.sleep, time.monotonic, socket.getaddrinfo = sleep, lambda: now, getaddrinfo
sys.argv = ['-c', *sys.argv[4:]]
exec(compile(script, 'waiter', 'exec'), {'__name__': '__main__'})
print(int(now))
`;

/** Whether this machine can run what pods of BentoML run. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;

/** After how many seconds a waiter goes on; `still waiting` at the last of them. */
export function waited([, , script, ...args]: readonly string[], answers: Answers, last = 100): string {
  const { stdout, stderr, status } = spawnSync(
    'python3',
    ['-c', SURROUNDINGS, JSON.stringify(answers), String(last), script!, ...args],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}
