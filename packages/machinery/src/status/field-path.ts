/** Path to a field as messages print it: `spec.containers[0].env[NAME]`. Immutable. */
export class FieldPath {
  private constructor(
    private readonly parent: FieldPath | undefined,
    private readonly step: string,
  ) {}

  /** A path of one or more names, from the top of an object. */
  static root(name: string, ...more: string[]): FieldPath {
    return new FieldPath(undefined, name).child(...more)
  }

  child(...names: string[]): FieldPath {
    let path: FieldPath = this
    for (const name of names) path = new FieldPath(path, `.${name}`)
    return path
  }

  index(index: number): FieldPath {
    return new FieldPath(this, `[${index}]`)
  }

  key(key: string): FieldPath {
    return new FieldPath(this, `[${key}]`)
  }

  toString(): string {
    return this.parent ? this.parent.toString() + this.step : this.step
  }
}
