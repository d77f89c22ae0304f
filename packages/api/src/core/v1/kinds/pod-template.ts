import { labelsCell } from '../../../declaration/cells.js'
import { column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { containerImages, containerNames } from '../template-columns.js'
import { podTemplateWarnings } from '../warnings/pod-warnings.js'

export type PodTemplate = TypeOf<'core.v1.PodTemplate'>
export type PodTemplateList = ListOf<PodTemplate>

/** A description of pods to make, kept on its own. */
export const PodTemplate: Kind<PodTemplate> = defineKind('core.v1.PodTemplate', {
  plural: 'podtemplates',
  columns: [
    nameColumn,
    column('Containers', 'string', 'Names of the containers of the template.', ({ template }) =>
      containerNames(template?.spec?.containers ?? []),
    ),
    column('Images', 'string', 'Images the containers of the template run.', ({ template }) =>
      containerImages(template?.spec?.containers ?? []),
    ),
    column('Pod Labels', 'string', 'Labels its pods get.', ({ template }) => labelsCell(template?.metadata?.labels)),
  ],
  strategy: {
    generation: 'outside-metadata',
    returnDeletedObject: true,
    warningsOnCreate: ({ template }) => podTemplateWarnings('template', template),
    warningsOnUpdate: ({ template, metadata }, old) =>
      metadata.generation === old.metadata.generation ? [] : podTemplateWarnings('template', template),
  },
})
