import { describe, expect, it } from 'vitest';
import { Schedule, Weekday } from '../../lib/scaling/schedule';

const timeZone = 'Europe/Berlin';
const { SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY } = Weekday;

// github.com/robfig/cron v3 with five fields, as pkg/scalers/cron_scaler.go of KEDA makes its parser.
describe('Schedule.cron', () => {
  const cron = (start: string, end = '0 0 1 1 *') => Schedule.cron({ timeZone, start, end })._model;

  it('carries zone and times', () => {
    expect(cron('0 8 * * 1-5', '30 18 * * 1-5')).toEqual({ timeZone, start: '0 8 * * 1-5', end: '30 18 * * 1-5' });
  });

  it('writes blanks one way', () => {
    expect(cron(' 0  8\t* * *\n').start).toBe('0 8 * * *');
  });

  it.each([
    '0 0 1 2 *',
    '59 23 31 12 6',
    '* * * * *',
    '0 8 ? * ?',
    '*/15 * * * *',
    '5/15 * * * *',
    '*/100 * * * *',
    '10-50/20 8-18 * * *',
    '0-0 8 * * *',
    '00 08 * * *',
    '0,30 8,12 1,15 * 0,6',
    '0 8 * JAN-mar *',
    '0 8 * * MON,Wed',
    '0 8 * * mon/2',
    '0 8 29 2 *',
    '0 8 31 1,2 *',
    '0 8 25-31 2 *',
    // With days of the week either of the two will do.
    '0 8 31 2 1',
  ])('takes %s', (start) => {
    expect(cron(start).start).toBe(start);
  });

  it.each([
    ['60 8 * * *', 'minute is from 0 to 59'],
    ['-1 8 * * *', 'minute is from 0 to 59'],
    ['1.5 8 * * *', 'minute is from 0 to 59'],
    ['10-5 8 * * *', 'minute is from 0 to 59'],
    ['1-2-3 8 * * *', 'minute is from 0 to 59'],
    ['*-5 8 * * *', 'minute is from 0 to 59'],
    ['*/0 8 * * *', 'minute is from 0 to 59'],
    ['*/ 8 * * *', 'minute is from 0 to 59'],
    ['*/5/5 8 * * *', 'minute is from 0 to 59'],
    ['*/99999999999999999999 8 * * *', 'minute is from 0 to 59'],
    ['0, 8 * * *', 'minute is from 0 to 59'],
    [', 8 * * *', 'minute is from 0 to 59'],
    ['mon 8 * * *', 'minute is from 0 to 59'],
    ['0 24 * * *', 'hour is from 0 to 23'],
    ['0 8-24 * * *', 'hour is from 0 to 23'],
    ['0 8 0 * *', 'day of the month is from 1 to 31'],
    ['0 8 32 * *', 'day of the month is from 1 to 31'],
    ['0 8 L * *', 'day of the month is from 1 to 31'],
    ['0 8 15W * *', 'day of the month is from 1 to 31'],
    ['0 8 * 0 *', 'month is from 1 to 12'],
    ['0 8 * 13 *', 'month is from 1 to 12'],
    ['0 8 * january *', 'month is from 1 to 12'],
    ['0 8 * * 7', 'day of the week is from 0 to 6'],
    ['0 8 * * 5-1', 'day of the week is from 0 to 6'],
    ['0 8 * * fri-mon', 'day of the week is from 0 to 6'],
    ['0 8 * * sunday', 'day of the week is from 0 to 6'],
    ['0 8 * * 1#2', 'day of the week is from 0 to 6'],
  ])('fails on %s', (start, rule) => {
    const message = (property: string) =>
      `[InvalidText] '${property}' must be a cron time whose ${rule}, got ${JSON.stringify(start)}`;
    expect(() => cron(start)).toThrow(message('start'));
    expect(() => cron('0 0 * * *', start)).toThrow(message('end'));
  });

  it.each(['0 8 * *', '0 0 8 * * *', '@daily', '@every 1h', 'TZ=UTC 0 8 * * *', 'CRON_TZ=UTC 0 8 * * *', '0'])(
    'fails on %s, which has not five fields',
    (start) => {
      expect(() => cron(start)).toThrow(
        "[InvalidText] 'start' must be five fields: minute, hour, day of the month, month, day of the week, got ",
      );
    },
  );

  // Their next time is the year 1: KEDA would hold hours that begin then open for ever.
  it.each(['0 8 30 2 *', '0 8 31 4 *', '0 8 31 2,4,6,9,11 *', '0 8 30-31 feb ?'])(
    'fails on %s, which never comes',
    (start) => {
      expect(() => cron(start)).toThrow(
        `[InvalidText] 'start' must be a cron time of days that its months have, got ${JSON.stringify(start)}`,
      );
    },
  );

  it.each(['', ' '])('fails on %j', (start) => {
    expect(() => cron(start)).toThrow("[InvalidText] 'start' must be text that is not empty");
  });

  // "start and end can not have exactly same time input".
  it.each([
    ['0 8 * * *', '0 8 * * *'],
    ['0 8 * * *', '0  8 * * * '],
  ])('fails on %j to %j', (start, end) => {
    expect(() => cron(start, end)).toThrow(
      "[ConflictingOptions] 'start' must not be given together with 'end'; at the same time: state when it ends",
    );
  });
});

// KEDA: time.LoadLocation, which opens a file of the tz database by this name.
describe('time zones', () => {
  const cron = (zone: string) => Schedule.cron({ timeZone: zone, start: '0 8 * * *', end: '0 18 * * *' });

  it.each([
    'UTC',
    'GMT',
    'Etc/UTC',
    'Etc/GMT+5',
    'Europe/Berlin',
    'Europe/Isle_of_Man',
    'America/Argentina/Buenos_Aires',
    'America/North_Dakota/New_Salem',
    'America/Port-au-Prince',
    'Antarctica/McMurdo',
    'Antarctica/DumontDUrville',
    'Australia/NSW',
    // Old names, which stand for others.
    'Asia/Kolkata',
    'Asia/Calcutta',
    'US/Eastern',
    'Europe/Kiev',
  ])('takes %s', (zone) => {
    expect(cron(zone)._model.timeZone).toBe(zone);
  });

  it.each([
    '+01:00',
    '-0800',
    'GMT+1',
    'UTC+2',
    'Z',
    'Local',
    'local',
    'utc',
    'europe/berlin',
    'Europe/berlin',
    'EUROPE/BERLIN',
    'Europe/BERLIN',
    'America/New_york',
    'US/EASTERN',
    'Asia/KOLKATA',
    'Europe/Atlantis',
    'Europe',
    'Berlin',
    'Europe/',
    '/Europe/Berlin',
    '../Europe/Berlin',
    'Europe/Berlin ',
    'Europe Berlin',
  ])('fails on %j', (zone) => {
    const message = `[InvalidText] 'timeZone' must be a name of the tz database, as Europe/Berlin or UTC, got ${JSON.stringify(zone)}`;
    expect(() => cron(zone)).toThrow(message);
    expect(() => Schedule.businessHours({ timeZone: zone })).toThrow(message);
  });

  it.each(['', ' '])('fails on %j', (zone) => {
    expect(() => cron(zone)).toThrow("[InvalidText] 'timeZone' must be text that is not empty");
  });
});

describe('Schedule.businessHours', () => {
  const hours = (options: Omit<Parameters<typeof Schedule.businessHours>[0], 'timeZone'> = {}) => {
    const { start, end } = Schedule.businessHours({ timeZone, ...options })._model;
    return [start, end];
  };

  it.each([
    ['8 to 18 from Monday to Friday', {}, '0 8 * * 1-5', '0 18 * * 1-5'],
    ['from midnight', { startHour: 0, endHour: 1 }, '0 0 * * 1-5', '0 1 * * 1-5'],
    ['the last hour, which ends on the next day', { startHour: 23, endHour: 24 }, '0 23 * * 1-5', '0 0 * * 2-6'],
    ['whole days', { startHour: 0, endHour: 24 }, '0 0 * * 1-5', '0 0 * * 2-6'],
    ['one day', { days: [WEDNESDAY] }, '0 8 * * 3', '0 18 * * 3'],
    ['Sunday', { days: [SUNDAY], endHour: 24 }, '0 8 * * 0', '0 0 * * 1'],
    ['Saturday, whose end is on Sunday', { days: [SATURDAY], endHour: 24 }, '0 8 * * 6', '0 0 * * 0'],
    ['the weekend', { days: [SATURDAY, SUNDAY] }, '0 8 * * 0,6', '0 18 * * 0,6'],
    ['the weekend to its end', { days: [SATURDAY, SUNDAY], endHour: 24 }, '0 8 * * 0,6', '0 0 * * 0-1'],
    ['days in any order', { days: [FRIDAY, MONDAY, TUESDAY] }, '0 8 * * 1-2,5', '0 18 * * 1-2,5'],
    ['every second day', { days: [MONDAY, WEDNESDAY, FRIDAY] }, '0 8 * * 1,3,5', '0 18 * * 1,3,5'],
    [
      'all days',
      { days: [SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY], endHour: 24 },
      '0 8 * * 0-6',
      '0 0 * * 0-6',
    ],
  ])('are %s', (_, options, start, end) => {
    expect(hours(options)).toEqual([start, end]);
  });

  it.each([-1, 24, 8.5, NaN, Infinity])('fail on the startHour %d', (startHour) => {
    expect(() => hours({ startHour, endHour: 24 })).toThrow(
      `[OutOfRange] 'startHour' must be a whole number from 0 to 23, got ${startHour}`,
    );
  });

  it.each([0, 8, 25, 9.5, NaN, Infinity])('fail on the endHour %d after 8', (endHour) => {
    expect(() => hours({ endHour })).toThrow(
      `[OutOfRange] 'endHour' must be a whole number from 9 to 24, got ${endHour}`,
    );
  });

  it('fail on no day, and on one twice', () => {
    expect(() => hours({ days: [] })).toThrow(
      "[EmptyList] 'days' must not be empty; leave it out for Monday to Friday",
    );
    expect(() => hours({ days: [MONDAY, SUNDAY, MONDAY] })).toThrow(
      '[DuplicateKey] \'days\' must state "monday" once, got it twice; state each day once',
    );
  });

  it('fail where they are all hours of all days, which KEDA refuses', () => {
    expect(() => hours({ days: Object.values(Weekday), startHour: 0, endHour: 24 })).toThrow(
      "[ConflictingOptions] 'startHour' must not be given together with 'endHour'; they are all hours: state minReplicas",
    );
    expect(hours({ days: Object.values(Weekday), startHour: 0, endHour: 23 })).toEqual(['0 0 * * 0-6', '0 23 * * 0-6']);
  });
});
