/** Powers that a page can ask the browser for. SECURITY: S1 */
import type { Script, Seen } from './tools.ts';

// What is asked for may not be there for want of hardware; only a refusal that says so counts as one.
export const powers: Readonly<Record<string, Script>> = {
  geolocation: () =>
    new Promise<Seen>((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve([true, 'a position']),
        (error) => resolve([error.code !== error.PERMISSION_DENIED, error.message]),
      );
    }),
  camera: async () => {
    await navigator.mediaDevices.getUserMedia({ video: true });
    return [true, 'a picture'];
  },
  microphone: async () => {
    await navigator.mediaDevices.getUserMedia({ audio: true });
    return [true, 'a sound'];
  },
  'display-capture': async () => {
    await navigator.mediaDevices.getDisplayMedia({ video: true });
    return [true, 'the screen'];
  },
  'clipboard-read': async () => [true, await navigator.clipboard.readText()],
  'clipboard-write': async () => {
    await navigator.clipboard.writeText('x');
    return [true, 'written'];
  },
  midi: async () => {
    await navigator.requestMIDIAccess({ sysex: true });
    return [true, 'MIDI'];
  },
  'idle-detection': async () => {
    const answer = await Reflect.get(window, 'IdleDetector').requestPermission();
    return [answer === 'granted', `permission ${answer}`];
  },
  'wake-lock': async () => {
    await navigator.wakeLock.request('screen');
    return [true, 'a lock'];
  },
  'window-management': async () => {
    await Reflect.get(window, 'getScreenDetails').call(window);
    return [true, 'all displays'];
  },
  'local-fonts': async () => {
    const fonts: unknown[] = await Reflect.get(window, 'queryLocalFonts').call(window);
    return [fonts.length > 0, `${fonts.length} fonts`];
  },
  usb: async () => {
    await Reflect.get(navigator, 'usb').requestDevice({ filters: [] });
    return [true, 'a device'];
  },
  hid: async () => {
    await Reflect.get(navigator, 'hid').requestDevice({ filters: [] });
    return [true, 'a device'];
  },
  serial: async () => {
    await Reflect.get(navigator, 'serial').requestPort();
    return [true, 'a port'];
  },
  fullscreen: async () => {
    await document.documentElement.requestFullscreen();
    return [true, 'full screen'];
  },
  'payment-request': async () => {
    const request = new PaymentRequest([{ supportedMethods: 'https://example.org/pay' }], {
      total: { label: 'x', amount: { currency: 'CNY', value: '1' } },
    });
    await request.show();
    return [true, 'a payment'];
  },
  passkey: async () => {
    await navigator.credentials.get({
      publicKey: { challenge: new Uint8Array(32), rpId: location.hostname },
    });
    return [true, 'a passkey'];
  },
  'motion-sensor': () =>
    new Promise<Seen>((resolve) => {
      const sensor = new (Reflect.get(window, 'Accelerometer'))();
      sensor.onreading = () => resolve([true, 'a reading']);
      sensor.onerror = (event: { error: Error }) =>
        resolve([false, `${event.error.name}: ${event.error.message}`]);
      sensor.start();
    }),
  'encrypted-media': async () => {
    await navigator.requestMediaKeySystemAccess('org.w3.clearkey', [
      { initDataTypes: ['cenc'], videoCapabilities: [{ contentType: 'video/webm; codecs="vp8"' }] },
    ]);
    return [true, 'a key system'];
  },
  gamepad: () => {
    const pads = navigator.getGamepads();
    return [true, `${pads.length} pads`];
  },
  'picture-in-picture': async () => {
    await document.createElement('video').requestPictureInPicture();
    return [true, 'a video on top'];
  },
};

/** Answers that are a refusal by rule, and not for want of a device. */
export const refusalWords =
  /NotAllowed|Security|permission|denied|disallowed|disabled|not allowed|gave false|policy|is (denied|prompt)|gave null/i;
