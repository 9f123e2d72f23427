import { describe, expect, it } from 'vitest'
import { pointsOf } from '../../renderer/features/servers/server-usage.tsx'

describe('the line of what a server uses', () => {
  it('goes from edge to edge, the highest at the top and nothing at the bottom', () => {
    expect(pointsOf([0, 5, 10])).toBe('0.0,27.0 60.0,14.0 120.0,1.0')
    expect(pointsOf([0, 0])).toBe('0.0,27.0 120.0,27.0')
    expect(pointsOf([3])).toBe('0.0,1.0')
  })
})
