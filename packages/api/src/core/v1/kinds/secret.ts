import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Secret = TypeOf<'core.v1.Secret'>
export type SecretList = ListOf<Secret>

/** Data not to be shown, such as passwords and keys. */
export const Secret: Kind<Secret> = defineKind('core.v1.Secret', {
  plural: 'secrets',
  selectableFields: { type: (secret) => secret.type ?? '' },
  columns: [
    nameColumn,
    column('Type', 'string', 'What the data is for, and so which entries it must have.', (secret) => secret.type ?? ''),
    column('Data', 'string', 'How many entries there are.', ({ data }) => Object.keys(data ?? {}).length),
    ageColumn,
  ],
  strategy: {
    prepareForUpdate(secret, old) {
      secret.type ||= old.type
    },
  },
})
