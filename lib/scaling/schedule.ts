import { requireInteger, requireText } from '../internal/checks';
import { errors } from '../internal/errors';

/** Days of the week. */
export enum Weekday {
  /** Sunday. */
  SUNDAY = 'sunday',
  /** Monday. */
  MONDAY = 'monday',
  /** Tuesday. */
  TUESDAY = 'tuesday',
  /** Wednesday. */
  WEDNESDAY = 'wednesday',
  /** Thursday. */
  THURSDAY = 'thursday',
  /** Friday. */
  FRIDAY = 'friday',
  /** Saturday. */
  SATURDAY = 'saturday',
}

/** Options of `Schedule.cron`. */
export interface CronScheduleOptions {
  /** The zone in which the times are meant, by its IANA name, as `Europe/Berlin`: it knows of daylight saving time. */
  readonly timeZone: string;

  /** When it begins, by minute, hour, day of the month, month and day of the week: `0 8 * * 1-5`. */
  readonly start: string;

  /** When it ends, written alike. */
  readonly end: string;
}

/** Options of `Schedule.businessHours`. */
export interface BusinessHoursOptions {
  /** The zone in which the hours are meant, by its IANA name, as `Europe/Berlin`. */
  readonly timeZone: string;

  /**
   * The hour at which they begin: 0 to 23.
   *
   * @default 8
   */
  readonly startHour?: number;

  /**
   * The hour at which they end: 1 to 24, after `startHour`.
   *
   * @default 18
   */
  readonly endHour?: number;

  /**
   * The days, each once.
   *
   * @default - Monday to Friday
   */
  readonly days?: Weekday[];
}

/**
 * Hours that come back.
 *
 * @example
 * Schedule.businessHours({ timeZone: 'Europe/Berlin', startHour: 7 });
 */
export class Schedule {
  /**
   * From one cron time to the next of another.
   *
   * @throws InvalidText, ConflictingOptions
   * @see https://keda.sh/docs/latest/scalers/cron/
   */
  public static cron(options: CronScheduleOptions): Schedule {
    requireTimeZone(options.timeZone);
    const start = requireCron('start', options.start);
    const end = requireCron('end', options.end);
    if (start === end) throw errors.conflictingOptions('start', 'end', 'at the same time: state when it ends');
    return new Schedule({ timeZone: options.timeZone, start, end });
  }

  /**
   * Some hours of some days.
   *
   * @throws InvalidText, OutOfRange, EmptyList, DuplicateKey, ConflictingOptions
   */
  public static businessHours(options: BusinessHoursOptions): Schedule {
    const { timeZone, startHour = 8, endHour = 18, days = WORKING_DAYS } = options;
    requireTimeZone(timeZone);
    requireInteger('startHour', startHour, 0, 23);
    requireInteger('endHour', endHour, startHour + 1, 24);
    if (days.length === 0) throw errors.emptyList('days', 'leave it out for Monday to Friday');
    const numbers = days.map((day) => WEEK.indexOf(day)).sort();
    const twice = numbers.find((day, index) => numbers[index + 1] === day);
    if (twice !== undefined) throw errors.duplicateKey('days', WEEK[twice]!, 'state each day once');
    // Midnight belongs to the next day.
    const ends = endHour === 24 ? numbers.map((day) => (day + 1) % 7).sort() : numbers;
    const start = `0 ${startHour} * * ${ranges(numbers)}`;
    const end = `0 ${endHour % 24} * * ${ranges(ends)}`;
    // KEDA refuses hours that never end.
    if (start === end) throw errors.conflictingOptions('startHour', 'endHour', 'they are all hours: state minReplicas');
    return new Schedule({ timeZone, start, end });
  }

  private constructor(
    /** @internal */
    public readonly _model: ScheduleModel,
  ) {}
}

/** What the engines read. */
export interface ScheduleModel {
  readonly timeZone: string;
  readonly start: string;
  readonly end: string;
}

const WEEK = Object.values(Weekday);
const WORKING_DAYS = WEEK.slice(1, 6);

/** 1, 2, 3, 5 as `1-3,5`. */
function ranges(days: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** KEDA loads the zone from the tz database, whose files tell capitals from small letters. */
function requireTimeZone(timeZone: string): void {
  requireText('timeZone', timeZone);
  const bad = (): never => {
    throw errors.invalidText('timeZone', 'a name of the tz database, as Europe/Berlin or UTC', timeZone);
  };
  if (!/^(UTC|GMT|[A-Z][A-Za-z]+(\/[A-Z][-+A-Za-z0-9_]*)+)$/.test(timeZone)) bad();
  // Of an alias, which resolves to another name, the spelling is not known; no name has more than three capitals on end.
  if (/[A-Z]{4}/.test(timeZone)) bad();
  let resolved = '';
  try {
    resolved = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    bad();
  }
  if (resolved !== timeZone && resolved.toLowerCase() === timeZone.toLowerCase()) bad();
}

const FIELDS = [
  ['minute', 0, 59, []],
  ['hour', 0, 23, []],
  ['day of the month', 1, 31, []],
  ['month', 1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  ['day of the week', 0, 6, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
] as const;

/** Five fields, as the parser of KEDA's cron scaler takes them; the same times are written the same way. */
function requireCron(property: string, text: string): string {
  requireText(property, text);
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    throw errors.invalidText(property, 'five fields: minute, hour, day of the month, month, day of the week', text);
  }
  const values = fields.map((field, index) => {
    const [name, min, max, words] = FIELDS[index]!;
    const parts = field.split(',').map((part) => cronValues(part, min, max, words));
    if (parts.some((part) => part.length === 0)) {
      throw errors.invalidText(property, `a cron time whose ${name} is from ${min} to ${max}`, text);
    }
    return parts.flat();
  });
  requireDate(property, text, fields[4]!, values);
  return fields.join(' ');
}

/** KEDA takes a time that never comes for one that has just been: hours that begin so never end. */
function requireDate(property: string, text: string, weekdays: string, [, , days, months]: readonly number[][]): void {
  // With days of the week stated either of the two will do.
  if (!/^[*?]/.test(weekdays)) return;
  const longest = Math.max(...months!.map((month) => LAST_DAYS[month - 1]!));
  if (Math.min(...days!) > longest)
    throw errors.invalidText(property, 'a cron time of days that its months have', text);
}

const LAST_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What a part of a field stands for; nothing where it is none. */
function cronValues(part: string, min: number, max: number, words: readonly string[]): number[] {
  const match = /^(?:[*?]|([0-9a-z]+)(?:-([0-9a-z]+))?)(?:\/(\d{1,9}))?$/i.exec(part);
  if (match === null) return [];
  const numberOf = (word: string): number => {
    const index = words.indexOf(word.toLowerCase());
    return index >= 0 ? index + min : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  const [, first, last, step] = match;
  const from = first === undefined ? min : numberOf(first);
  // With a step a single value begins what ends with the field.
  const open = first === undefined || (last === undefined && step !== undefined);
  const to = open ? max : numberOf(last ?? first!);
  const by = step === undefined ? 1 : Number(step);
  if (!(from >= min && to <= max && from <= to && by >= 1)) return [];
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}
