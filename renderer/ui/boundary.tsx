/** Where a part of a window fails to load or to be drawn, something else stands in its place; the rest goes on. */
import { Component, type ReactNode } from 'react';

export interface BoundaryProps {
  /** What stands there instead; `again` draws the part anew. */
  fallback: (again: () => void) => ReactNode;
  children: ReactNode;
}

/** React catches what rendering throws only in a class; it writes the error to the console by itself. */
export class Boundary extends Component<BoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };
  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }
  override render(): ReactNode {
    return this.state.hasFailed
      ? this.props.fallback(() => this.setState({ hasFailed: false }))
      : this.props.children;
  }
}
