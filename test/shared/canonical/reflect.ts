// @peculiar/x509 brings tsyringe, which refuses to load without a Reflect.getMetadata but, for what x509 registers,
// only ever asks for metadata that nobody set. Imported before x509.
const none = (): undefined => undefined;
if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getMetadata: none, getOwnMetadata: none, defineMetadata: none });
}
