const { contextBridge, ipcRenderer } = require('electron');

const callbacks = new Set();
ipcRenderer.on('pushed', (_event, value) => {
  for (const callback of callbacks) callback(value);
});
contextBridge.exposeInMainWorld('api', {
  version: 7,
  nested: { list: [1, 2, 3], double: (value) => value * 2 },
  invoke: (channel, value) => ipcRenderer.invoke(channel, value),
  send: (channel, value) => ipcRenderer.send(channel, value),
  same: (value) => value,
  reject: async () => {
    throw new RangeError('refused');
  },
  raise: () => {
    throw new Error('raised');
  },
  subscribe: (callback) => {
    callbacks.add(callback);
    return () => callbacks.delete(callback);
  },
  versions: process.versions,
  kind: (value) => Object.prototype.toString.call(value),
  missing: () => ipcRenderer.sendSync('x'),
});
