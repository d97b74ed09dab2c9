/**
 * A ref for fields that hold something of the customer: empties the field when it leaves the page.
 * SECURITY: S11 browser and React keep the last focused field, and its value with it, after it is gone.
 */
export function forgetful(field: HTMLInputElement | null): (() => void) | undefined {
  if (!field) return undefined;
  return () => {
    field.value = '';
    // React writes the value into the attribute too.
    field.removeAttribute('value');
  };
}
