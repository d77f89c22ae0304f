import { customResourceDefinitionTypes } from './custom-resource-definition.js'
import { jsonSchemaPropsTypes } from './json-schema-props.js'

/** Every declared type of apiextensions.v1. */
export const apiextensionsV1Types = { ...jsonSchemaPropsTypes, ...customResourceDefinitionTypes } as const
