import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { api } from '../../../shared/protocol/api.ts';
import { OPENAPI_FILE, openApiDocument, openApiText } from '../openapi.ts';

test('the committed OpenAPI document is the generated one', async () => {
  // Differs? Run `node test/central/openapi.ts` and look at what changed.
  expect(await readFile(OPENAPI_FILE, 'utf8')).toBe(openApiText());
});

test('it names every endpoint once', () => {
  const { paths } = openApiDocument();
  const operations = Object.values(paths ?? {}).flatMap((path: object) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(api).toSorted());
});

test('objects are closed: an unknown field is refused', () => {
  const { schemas } = JSON.parse(openApiText()).components;
  for (const name of ['ConsentRecord', 'Scope', 'LookupCall', 'Proofs', 'Manifest']) {
    expect(schemas[name].additionalProperties, name).toBe(false);
  }
});

test('redocly lint has nothing to say', async () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const cli = fileURLToPath(new URL('../../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, 'lint', OPENAPI_FILE, '--format=json'],
    {
      cwd: root,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  );
  expect(JSON.parse(stdout).totals).toMatchObject({ errors: 0, warnings: 0 });
});
