/** A page that waits: says what is being done, and nothing moves. */
import { Sheet } from './sheet.tsx';

export function Busy({ title, body }: { title: string; body: string }) {
  return (
    <Sheet title={title}>
      <p role="status">{body}</p>
    </Sheet>
  );
}
