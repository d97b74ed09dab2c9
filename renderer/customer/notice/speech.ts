/** Reading aloud by a voice of this machine, where there is one. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Language } from '../../../shared/domain/policy.ts';

const never = () => () => undefined;

function subscribe(changed: () => void): () => void {
  const synthesis = globalThis.speechSynthesis;
  if (!synthesis) return never();
  synthesis.addEventListener('voiceschanged', changed);
  return () => synthesis.removeEventListener('voiceschanged', changed);
}

/**
 * A voice for a language that speaks on this machine.
 * SECURITY: S1 voices that send the text to a service elsewhere are not used.
 */
function localVoice(language: Language): SpeechSynthesisVoice | undefined {
  const tongue = language.slice(0, 2).toLowerCase();
  return globalThis.speechSynthesis
    ?.getVoices()
    .find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(tongue));
}

export interface Speech {
  /** Whether this machine has a voice for the language; without one no button is offered. */
  available: boolean;
  speaking: boolean;
  speak: (text: string) => void;
  stop: () => void;
}

/** Reads text aloud. Leaving the screen silences it. */
export function useSpeech(language: Language): Speech {
  const uri = useSyncExternalStore(subscribe, () => localVoice(language)?.voiceURI);
  const [speaking, setSpeaking] = useState(false);
  const stop = useCallback(() => {
    globalThis.speechSynthesis?.cancel();
    setSpeaking(false);
  }, []);
  useEffect(() => stop, [stop]);
  const speak = (text: string) => {
    const voice = localVoice(language);
    if (!voice) return;
    speechSynthesis.cancel();
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    utterance.addEventListener('end', () => setSpeaking(false));
    utterance.addEventListener('error', () => setSpeaking(false));
    setSpeaking(true);
    speechSynthesis.speak(utterance);
  };
  return { available: uri !== undefined, speaking, speak, stop };
}
