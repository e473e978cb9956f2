/** Days before each month of a common year. */
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/**
 * Reads `2024-01-29T14:53:20.000Z` and `2024-01-29T14:53:20Z`, the forms in which nearly all events give their time, at a
 * fraction of what `Date.parse` costs.
 *
 * @returns Epoch milliseconds; NaN for every other form, which is not to say that it is no time.
 */
export function utcInstant(text: string): number {
  const hasFraction = text.length === 24 && text[19] === ".";
  const isForm =
    (hasFraction || text.length === 20) &&
    text[4] === "-" &&
    text[7] === "-" &&
    text[10] === "T" &&
    text[13] === ":" &&
    text[16] === ":" &&
    text[text.length - 1] === "Z";
  if (!isForm) return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const millisecond = hasFraction ? twoDigits(text, 20) * 10 + digit(text, 22) : 0;
  const isTime =
    year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60 && second < 60;
  if (!isTime || day > daysInMonth(year, month)) return Number.NaN;
  return (((epochDay(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millisecond;
}

function epochDay(year: number, month: number, day: number): number {
  const years = year - 1970;
  // The year before has been through its 29th of February, if it has one.
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return years * 365 + leapDays + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay + day - 1;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
