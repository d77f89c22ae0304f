import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageTag } from './image-tag.js'

const digest = `sha256:${'a'.repeat(64)}`
const cases: readonly (readonly [reference: string, tag: string])[] = [
  ['nginx', 'latest'],
  ['nginx:1.27', '1.27'],
  ['registry.example.com:5000/team/app', 'latest'],
  ['registry.example.com:5000/team/app:v2', 'v2'],
  ['localhost/app', 'latest'],
  ['Registry/app', 'latest'],
  [`nginx@${digest}`, ''],
  [`nginx:1.27@${digest}`, '1.27'],
  ['', ''],
  ['Nginx', ''],
  ['bad//image', ''],
  ['nginx:', ''],
]

for (const [reference, tag] of cases) {
  test(`the tag of ${JSON.stringify(reference)} is ${JSON.stringify(tag)}`, () => assert.equal(imageTag(reference), tag))
}
