/** A serialized GraphDef. */
export function smallInception(): Buffer;
