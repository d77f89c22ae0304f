import { isIP } from 'node:net'
import { parseDuration } from '@treeline/machinery'

/** Formats of strings that are checked, by their names without dashes. Others are ignored. */
export const knownFormats: ReadonlyMap<string, (text: string) => boolean> = new Map(
  Object.entries({
    bsonobjectid: (text: string) => /^[0-9a-fA-F]{24}$/.test(text),
    uri: isRequestUri,
    email: isEmail,
    hostname: isHostname,
    ipv4: (text: string) => isIP(text.replace(/(^|\.)0+(?=\d)/g, '$1')) === 4,
    ipv6: (text: string) => isIP(text) === 6 && !text.includes('%'),
    cidr: isCidr,
    mac: isMac,
    uuid: (text: string) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
    uuid3: (text: string) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
    uuid4: (text: string) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(text),
    uuid5: (text: string) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(text),
    isbn: (text: string) => isIsbn10(text) || isIsbn13(text),
    isbn10: isIsbn10,
    isbn13: isIsbn13,
    creditcard: isCreditCard,
    ssn: (text: string) => /^\d{3}[- ]\d{2}[- ]\d{4}$/.test(text),
    hexcolor: (text: string) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
    rgbcolor: isRgbColor,
    byte: (text: string) => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text),
    password: () => true,
    date: isDate,
    duration: isDuration,
    datetime: isDateTime,
    k8sshortname: (text: string) => text.length <= 63 && isLabel(text),
    k8slongname: (text: string) => text.length <= 253 && text.split('.').every(isLabel),
  }),
)

function isLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)
}

// An absolute URI or an absolute path.
function isRequestUri(text: string): boolean {
  if (/[\u0000-\u0020\u007f]/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return false
  if (text.startsWith('/')) return true
  return text === '*' || /^[A-Za-z][A-Za-z0-9+.-]*:(\/\/([^/?#[\]]*|\[[^\]]*\](:\d+)?)([/?#].*)?|.+)$/.test(text)
}

function isEmail(text: string): boolean {
  const address = /^[^<>]*<([^<>]+)>$/.exec(text.trim())?.[1] ?? text.trim()
  const at = address.lastIndexOf('@')
  if (at < 1) return false
  const local = address.slice(0, at)
  const quoted = /^"(?:\\.|[^"\\])*"$/.test(local)
  return (
    (quoted || /^[^\s"(),:;<>@[\\\]]+$/.test(local)) && !/^\.|\.\.|\.$/.test(local) && /^[^\s"(),:;<>@\\]+$/.test(address.slice(at + 1))
  )
}

// A single label may have a dash as its second character only: so it is upstream.
const singleLabel = /^[a-zA-Z0-9\p{S}\p{L}](?:-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?$/u
const label = /^[a-zA-Z0-9\p{S}\p{L}](?:[a-zA-Z0-9\p{S}\p{L}-]{0,61}[a-zA-Z0-9\p{S}\p{L}])?$/u
const topLevel = /^[a-zA-Z\p{L}]{2,63}$/u

function isHostname(text: string): boolean {
  const labels = text.split('.')
  if (Buffer.byteLength(text) > 255 || labels.some((part) => Buffer.byteLength(part) > 63)) return false
  if (labels.length === 1) return singleLabel.test(text)
  return labels.slice(0, -1).every((part) => label.test(part)) && topLevel.test(labels.at(-1) ?? '')
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/')
  const version = isIP(address.replace(/(^|\.)0+(?=\d)/g, '$1'))
  return (
    more.length === 0 && version !== 0 && !address.includes('%') && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  )
}

// 48, 64 or 160 bits, in pairs with colons or dashes, or in fours with dots.
function isMac(text: string): boolean {
  const pairs = /^[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(?:\1[0-9a-fA-F]{2})*$/.test(text) && [6, 8, 20].includes((text.length + 1) / 3)
  return pairs || (/^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+$/.test(text) && [3, 4, 10].includes((text.length + 1) / 5))
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '')
  if (!/^\d{9}[\dX]$/.test(digits)) return false
  const sum = [...digits].reduce((total, digit, i) => total + (i + 1) * (digit === 'X' ? 10 : Number(digit)), 0)
  return sum % 11 === 0
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '')
  if (!/^\d{13}$/.test(digits)) return false
  return [...digits].reduce((total, digit, i) => total + (i % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0
}

const cardNumber =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/

function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D+/g, '')
  if (!cardNumber.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

function isRgbColor(text: string): boolean {
  const [, ...parts] = /^rgb\(\s*(0|[1-9]\d{0,2})\s*,\s*(0|[1-9]\d{0,2})\s*,\s*(0|[1-9]\d{0,2})\s*\)$/.exec(text) ?? []
  return parts.length === 3 && parts.every((part) => Number(part) <= 255)
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  if (day === undefined) return false
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)))
  date.setUTCFullYear(Number(year))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t')
  const match = /^(\d\d):(\d\d):(\d\d)(?:.\d+)?(?:z|[+-]\d\d:\d\d)$/.exec(time)
  return isDate(date) && match !== null && Number(match[1]) <= 23 && Number(match[2]) <= 59 && Number(match[3]) <= 59
}

const spelledUnit = /^(ns|nano.*|us|µs|micro.*|ms|milli.*|s|sec.*|m|min.*|h|hr|hour.*|d|day.*|w|wk|week.*)$/i

// Also such as `22 ns` and `1 hour 5 minutes`.
function isDuration(text: string): boolean {
  if (parseDuration(text) !== undefined) return true
  return [...text.slice(0, 1000).matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, unit = '']) => spelledUnit.test(unit))
}
