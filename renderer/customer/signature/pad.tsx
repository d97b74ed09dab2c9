/**
 * The pad: signature_pad draws, our own capture of the pointer's full samples is what is signed. After an
 * undo or a resize the pad is drawn again from the captured points, so that the two never differ.
 */
import { type RefObject, useEffect, useRef } from 'react';
import SignaturePad from 'signature_pad';
import {
  beginStroke,
  type Drawing,
  deviceOf,
  emptyDrawing,
  extendStroke,
  fitDrawing,
  type Sample,
  scaleOf,
  undoStroke,
} from './strokes.ts';

export interface PadHandle {
  drawing: () => Drawing;
  undo: () => void;
  clear: () => void;
}

/** Pen widths, CSS pixels. */
const PEN = { minWidth: 1.6, maxWidth: 4.5, dotSize: 3.5, minDistance: 2 } as const;

export interface PadProps {
  label: string;
  describedBy: string;
  handle: RefObject<PadHandle | null>;
  /** Times in single milliseconds: only for who agreed to it. */
  fine: boolean;
  /** Called after each stroke, undo and clear with the number of strokes. */
  onStrokes: (count: number) => void;
}

export function Pad({ label, describedBy, handle, fine, onStrokes }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const told = useRef(onStrokes);
  told.current = onStrokes;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const pad = attachPad(element, fine, (count) => told.current(count));
    handle.current = pad;
    return () => {
      handle.current = null;
      pad.detach();
    };
  }, [handle, fine]);
  return (
    <canvas
      ref={canvas}
      className="pad-canvas"
      role="img"
      aria-label={label}
      aria-describedby={describedBy}
    />
  );
}

function attachPad(
  canvas: HTMLCanvasElement,
  fine: boolean,
  onStrokes: (count: number) => void,
): PadHandle & { detach: () => void } {
  const ink = getComputedStyle(canvas).color;
  const pad = new SignaturePad(canvas, { ...PEN, penColor: ink, throttle: 0 });
  const blank = () => emptyDrawing(canvas.clientWidth, canvas.clientHeight, fine);
  let drawing = blank();
  let pointer: number | undefined;

  const redraw = () => {
    const scale = scaleOf(drawing);
    pad.fromData(
      drawing.strokes.map((stroke) => ({
        ...PEN,
        penColor: ink,
        velocityFilterWeight: pad.velocityFilterWeight,
        compositeOperation: pad.compositeOperation,
        points: stroke.map((point) => ({
          x: point.x * scale,
          y: point.y * scale,
          pressure: point.p,
          time: point.t,
        })),
      })),
    );
  };
  const resize = () => {
    const ratio = Math.max(1, window.devicePixelRatio);
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    canvas.getContext('2d')?.scale(ratio, ratio);
    drawing = fitDrawing(drawing, canvas.clientWidth, canvas.clientHeight);
    redraw();
  };

  const sampleOf = (event: PointerEvent, box: DOMRect): Sample => ({
    x: event.clientX - box.left,
    y: event.clientY - box.top,
    pressure: event.pressure,
    ...(event.pointerType === 'pen' ? { tilt: { x: event.tiltX, y: event.tiltY } } : {}),
    at: event.timeStamp,
  });
  const down = (event: PointerEvent) => {
    // One hand at a time: a palm that rests on the glass is not ink.
    if (pointer !== undefined || event.button !== 0) return;
    pointer = event.pointerId;
    drawing = beginStroke(
      drawing,
      deviceOf(event.pointerType),
      sampleOf(event, canvas.getBoundingClientRect()),
    );
  };
  const move = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    const box = canvas.getBoundingClientRect();
    const samples = event.getCoalescedEvents();
    extendStroke(
      drawing,
      (samples.length > 0 ? samples : [event]).map((sample) => sampleOf(sample, box)),
    );
  };
  const up = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = undefined;
    onStrokes(drawing.strokes.length);
  };

  canvas.addEventListener('pointerdown', down);
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', up);
  const watcher = new ResizeObserver(() => {
    if (canvas.clientWidth > 0 && canvas.clientHeight > 0) resize();
  });
  watcher.observe(canvas);
  resize();

  const replace = (next: Drawing) => {
    drawing = next;
    redraw();
    onStrokes(drawing.strokes.length);
  };
  return {
    drawing: () => drawing,
    undo: () => replace(undoStroke(drawing)),
    clear: () => replace(blank()),
    // SECURITY: S11 the ink leaves the canvas and our memory with the page.
    detach: () => {
      watcher.disconnect();
      canvas.removeEventListener('pointerdown', down);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', up);
      drawing = emptyDrawing(1, 1);
      pad.clear();
      pad.off();
    },
  };
}
