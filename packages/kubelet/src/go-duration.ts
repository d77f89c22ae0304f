/** Milliseconds as Go prints a duration: `1.5s`, `2m3s`, `40ms`. */
export function goDuration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  if (whole === 0) return '0s'
  if (whole < 1_000) return `${whole}ms`
  const seconds = `${(whole % 60_000) / 1_000}s`
  const minutes = Math.floor(whole / 60_000) % 60
  const hours = Math.floor(whole / 3_600_000)
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}`
}
