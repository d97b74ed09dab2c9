/** Line icons, drawn on 24 px with the text's own colour. They never stand alone: a word is always beside them. */
const paths = {
  envelope: 'M3 6h18v12H3z M3 7l9 6 9-6',
  attention: 'M12 4l9 16H3z M12 10v5 M12 17.5v.5',
  danger: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M8.5 8.5l7 7 M15.5 8.5l-7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M12 7v5.5l3.5 2',
  link: 'M4 8h16 M4 16h16 M7 5v6 M17 13v6',
  unlink: 'M4 8h16 M4 16h16 M5 20L19 4',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4z M4 8l8 4 8-4 M12 12v8',
  certificate: 'M5 4h14v11H5z M8 8h8 M8 11h5 M14 15v6l2-1.5 2 1.5v-6',
  lock: 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  eye: 'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6z M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  speech: 'M4 5h16v11h-9l-4 4v-4H4z M8 9h8 M8 12h5',
  keyboard: 'M3 7h18v11H3z M6.5 10.5h1 M10 10.5h1 M13.5 10.5h1 M17 10.5h1 M8 14.5h8',
  moon: 'M19 14.5A8 8 0 0 1 9.5 5a8 8 0 1 0 9.5 9.5z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2.5v2 M12 19.5v2 M2.5 12h2 M19.5 12h2 M5.3 5.3l1.4 1.4 M17.3 17.3l1.4 1.4 M5.3 18.7l1.4-1.4 M17.3 6.7l1.4-1.4',
  globe:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M3 12h18 M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z',
  arrowIn: 'M19 5L6 18 M6 9v9h9',
  arrowOut: 'M5 19L18 6 M9 6h9v9',
  list: 'M8 6h12 M8 12h12 M8 18h12 M4 6h.5 M4 12h.5 M4 18h.5',
  key: 'M8 12a4 4 0 1 0 0 .01z M12 12h9 M17 12v3 M20 12v2',
  sound: 'M4 10h4l5-4v12l-5-4H4z M16 9a4 4 0 0 1 0 6 M18.5 6.5a8 8 0 0 1 0 11',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z M15.5 15.5L21 21',
  exit: 'M10 4H5v16h5 M10 12h10 M16.5 8.5L20 12l-3.5 3.5',
  undo: 'M8 5L4 9l4 4 M4 9h10a5.5 5.5 0 0 1 0 11H8',
  paper: 'M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6 M9 16h6',
} as const;

export type IconName = keyof typeof paths;

/** An icon of the text's size and colour; hidden from screen readers, the word beside it speaks. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="zq-icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
