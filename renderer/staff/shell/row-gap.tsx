/** Stands for the rows of a table above or below that are not drawn. `height` in CSS pixels. */
export function RowGap({ columns, height }: { columns: number; height: number }) {
  return height > 0 ? (
    <tr>
      <td colSpan={columns} style={{ blockSize: height, padding: 0 }} />
    </tr>
  ) : null;
}
