import { requireText } from '../internal/checks';
import type { AccessLogModel } from './container-contract';

/** How much BentoML's own logger says. */
export enum LogLevel {
  /** Errors only, no access log. */
  QUIET = 'quiet',
  /** BentoML's default: a line per request, starts and stops. */
  INFO = 'info',
  /** Everything; BentoML also answers with tracebacks: never where strangers can call. */
  DEBUG = 'debug',
}

/** What BentoML writes to the container's log. */
export interface LogOptions {
  /**
   * How much is logged.
   *
   * @default LogLevel.INFO
   */
  readonly level?: LogLevel;

  /**
   * Whether each request gets a line.
   *
   * @default - as the Bento's code says, else BentoML's: yes
   */
  readonly accessLog?: boolean;

  /**
   * Paths whose requests get no line.
   *
   * @default - as the Bento's code says, else BentoML's: metrics and probes
   */
  readonly skipPaths?: string[];
}

/** What the engines read. */
export interface LogModel {
  /** By flag alone: the command sets BENTOML_VERBOSITY itself, and BENTOML_DEBUG and BENTOML_QUIET do nothing. */
  readonly flag?: '--quiet' | '--debug';
  readonly accessLog?: AccessLogModel;
}

const FLAGS: { [level in LogLevel]?: LogModel['flag'] } = { [LogLevel.QUIET]: '--quiet', [LogLevel.DEBUG]: '--debug' };

export function logModel(options: LogOptions): LogModel {
  for (const path of options.skipPaths ?? []) requireText('logging.skipPaths', path);
  const { level = LogLevel.INFO, accessLog, skipPaths } = options;
  const flag = FLAGS[level];
  return {
    ...(flag !== undefined && { flag }),
    ...((accessLog !== undefined || skipPaths !== undefined) && {
      accessLog: {
        ...(accessLog !== undefined && { enabled: accessLog }),
        ...(skipPaths !== undefined && { skipPaths: [...skipPaths] }),
      },
    }),
  };
}
