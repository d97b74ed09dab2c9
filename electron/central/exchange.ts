/** One HTTPS exchange with central: TLS 1.3, the operator's root only, bounded in time and size. */
import { type Agent, type AgentOptions, request } from 'node:https';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { Failure } from '../../shared/domain/errors.ts';
import { networkFailure } from './network-error.ts';

export interface Exchange {
  agent: Agent;
  url: URL;
  method: 'GET' | 'POST' | 'PUT';
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
  /** Bytes of an answer that are read at most. */
  limit: number;
}

export interface Answer {
  status: number;
  contentType: string;
  body: Uint8Array<ArrayBuffer>;
}

/** What no answer but a sealed page or a manifest comes near. */
export const ANSWER_LIMIT = 16 * 1024 * 1024;

/** TLS of both central and enrolment. SECURITY: S13 */
export function tlsOptions(caPem: string): AgentOptions {
  return { ca: [caPem], minVersion: 'TLSv1.3', rejectUnauthorized: true, checkServerIdentity: checkHost };
}

/** RFC 9525 section 6: only the subject's alternative names say who a server is; Node would take its CN too. */
function checkHost(host: string, certificate: PeerCertificate): Error | undefined {
  // Missing, or an empty list.
  if (certificate.subjectaltname) return checkServerIdentity(host, certificate);
  return Object.assign(new Error('no alternative name'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}

/**
 * Sends a request and reads the whole answer. Redirects are not followed.
 * @throws Failure 'central-unreachable', 'central-untrusted', 'central-garbage' (too large).
 */
export function exchange(options: Exchange): Promise<Answer> {
  const { agent, url, method, headers, body, timeoutMs, limit } = options;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(networkFailure(error));
    };
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const outgoing = request(url, {
      agent,
      method,
      headers: { ...headers, ...(bytes ? { 'content-length': String(bytes.length) } : {}) },
    });
    // The error goes to the caller, not through `destroy`: a connection that is free again by then has nobody
    // who listens for one, and that would end the process.
    const giveUp = (failure: Failure) => {
      fail(failure);
      outgoing.destroy();
    };
    // One limit over everything: a server that drips bytes must not hold the counter.
    const timer = setTimeout(
      () => giveUp(new Failure('central-unreachable', { detail: 'TIMEOUT' })),
      timeoutMs,
    );
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const parts: Buffer[] = [];
      let size = 0;
      incoming.on('data', (part: Buffer) => {
        size += part.length;
        if (size > limit) giveUp(new Failure('central-garbage', { detail: 'answer too large' }));
        else parts.push(part);
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        clearTimeout(timer);
        const contentType =
          (incoming.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
        resolve({
          status: incoming.statusCode ?? 0,
          contentType,
          body: new Uint8Array(Buffer.concat(parts)),
        });
      });
    });
    outgoing.end(bytes);
  });
}
