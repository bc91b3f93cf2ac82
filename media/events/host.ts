import { checkHostMessage, checkReply, type Failure, type HostMessage, type PageRequest, type PageState, type Reply, type RequestKind } from '../../src/events/protocol.ts';

/** The part of the editor's API that the page uses. */
export interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Why a request was not answered. */
export class HostError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

type News = Exclude<HostMessage, { kind: 'reply' | 'failed' }>;

/** Requests to the host and their replies; what comes is checked before anybody sees it. */
export class Host {
  readonly #api: EditorApi;
  readonly #waiting = new Map<number, { readonly kind: RequestKind; resolve(value: unknown): void; reject(error: unknown): void }>();
  #last = 0;

  constructor(api: EditorApi, news: (message: News) => void) {
    this.#api = api;
    addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = checkHostMessage(event.data);
      if (message.kind === 'reply' || message.kind === 'failed') this.#settle(message);
      else news(message);
    });
  }

  /** Says that the page listens. */
  ready(version: number): void {
    this.#api.postMessage({ kind: 'ready', version });
  }

  /** Asks; rejects with a HostError. Aborting calls the request off at the host. */
  async ask<K extends RequestKind>(request: PageRequest & { readonly kind: K }, signal?: AbortSignal): Promise<Reply<K>> {
    const id = ++this.#last;
    const abort = (): void => { this.#api.postMessage({ kind: 'abort', id }); };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<Reply<K>>((resolve, reject) => {
        this.#waiting.set(id, { kind: request.kind, resolve, reject });
        this.#api.postMessage({ kind: 'request', id, request });
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Keeps the page's state where a hidden tab and a reload of the window find it. */
  keep(state: PageState): void {
    this.#api.setState(state);
    this.#api.postMessage({ kind: 'state', state });
  }

  #settle(message: HostMessage & { kind: 'reply' | 'failed' }): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (message.kind === 'failed') {
      waiting.reject(new HostError(message.failure));
      return;
    }
    try {
      waiting.resolve(checkReply[waiting.kind](message.value, waiting.kind));
    } catch (error) {
      waiting.reject(error);
    }
  }
}
