import { describe, expect, it } from 'vitest';
import { LogLevel, logModel } from '../../lib/bento/log-options';

describe('logModel', () => {
  it('says nothing where nothing is said', () => {
    expect(logModel({})).toStrictEqual({});
    expect(logModel({ level: LogLevel.INFO })).toStrictEqual({});
  });

  // The flags --quiet and --debug of start-http-server.
  it.each([
    [LogLevel.QUIET, '--quiet'],
    [LogLevel.DEBUG, '--debug'],
  ])('%s is the flag %s', (level, flag) => {
    expect(logModel({ level })).toStrictEqual({ flag });
  });

  it.each([true, false])('can say whether requests are logged: %s', (accessLog) => {
    expect(logModel({ accessLog })).toStrictEqual({ accessLog: { enabled: accessLog } });
  });

  it('takes paths that are left out, none of them too', () => {
    expect(logModel({ skipPaths: ['/metrics', '/v1/livez'] })).toStrictEqual({
      accessLog: { skipPaths: ['/metrics', '/v1/livez'] },
    });
    expect(logModel({ skipPaths: [] })).toStrictEqual({ accessLog: { skipPaths: [] } });
  });

  it.each(['', ' ', 5 as unknown as string])('fails on the path %j', (path) => {
    expect(() => logModel({ skipPaths: ['/a', path] })).toThrow("[InvalidText] 'logging.skipPaths' must be text");
  });
});
