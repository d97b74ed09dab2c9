import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import { leafHashes, rootOfLeafHashes } from '../../shared/canonical/merkle.ts';
import { rowCommitment, SALT_BYTES } from '../../shared/canonical/row.ts';

/** Rows hashed for nobody: enough for the compiler to take notice. */
const ROWS = 2_048;

/**
 * Code that has run some thousand times is compiled. Done while the customer still writes their name, it spares
 * them the wait for it when the first rows are checked.
 */
export function warmUp(): void {
  const content = { peer: '10000000000', text: '没有人收到过的一条短信', salt: new Uint8Array(SALT_BYTES) };
  const commitments = new Uint8Array(ROWS * HASH_BYTES);
  for (let i = 0; i < ROWS; i++) {
    const metadata = { at: i, direction: 'in', category: 'sms', maskedPeer: '100****0000' } as const;
    commitments.set(rowCommitment(metadata, content), i * HASH_BYTES);
  }
  rootOfLeafHashes(leafHashes(commitments));
}
