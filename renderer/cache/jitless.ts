/**
 * Must be the first import of an entry: zod otherwise probes `new Function` when its first schema is made,
 * which a strict content security policy reports as a violation. // SECURITY: S15
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

export {};
