const date = /^(\d{4})-(\d{1,2})-(\d{1,2})/
const timeOfDay = /^(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)$/

/** Whether readers of YAML 1.1 take a plain text for a point in time. */
export function isYamlTimestamp(text: string): boolean {
  const found = date.exec(text)
  if (!found) return false
  const [year, month, day] = found.slice(1).map(Number)
  if (!isDate(year, month, day)) return false
  const rest = text.slice(found[0].length)
  if (rest === '') return true
  const clock = timeOfDay.exec(rest)
  if (!clock) return false
  const [hour = 0, minute = 0, second = 0] = clock
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number)
  return hour < 24 && minute < 60 && second < 60
}

function isDate(year = 0, month = 0, day = 0): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}
