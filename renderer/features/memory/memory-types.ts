import type { z } from 'zod'
import type { concept, memory, relation } from '../../../shared/contract/memory.ts'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'

export type Concept = z.output<typeof concept>
export type Relation = z.output<typeof relation>
export type Provenance = Concept['createdBy']
export type Label = Concept['labels'][number]
export type Found = z.output<typeof memory.recall.output>['found'][number]
export type Write = z.output<typeof memory.history.output>['writes'][number]
export type Facets = z.output<typeof memory.facets.output>
export type Overview = z.output<typeof memory.overview.output>
export type Workspace = WorkspaceName
