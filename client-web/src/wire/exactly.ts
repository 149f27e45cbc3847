//! Two types that must be one, checked when the client is compiled: nothing missing, nothing invented, both ways.
import type * as v from "valibot";

/** A schema that reads a type. */
export type Reads<T> = v.GenericSchema<unknown, T>;

/**
 * A type with every field's being optional written out: two plain types may fit each other although one of them does not
 * know an optional field, two of these may not.
 */
type WrittenOut<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Each)[]
    ? { each: WrittenOut<Each> }
    : {
        [Field in keyof T]-?: {
          isOptional: Record<never, never> extends Pick<T, Field> ? true : false;
          is: WrittenOut<Exclude<T[Field], undefined>>;
        };
      };

/** Whether both are the same: every field, every member of a union, every word. */
export type Same<One, Other> = [WrittenOut<One>, WrittenOut<Other>] extends [
  WrittenOut<Other>,
  WrittenOut<One>,
]
  ? true
  : false;

/** Takes a schema that reads exactly the type: `reads<Card>()(v.object({ … }))`. */
export function reads<T>(): <Schema extends Reads<T>>(
  schema: Same<v.InferOutput<Schema>, T> extends true ? Schema : never,
) => Schema {
  return (schema) => schema;
}
