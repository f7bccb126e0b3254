/** What methods give: `await` it for the object, or ask it for the raw answer. */

import type { ApiResponse } from "./errors.js";

/** A success: its object, and what it was made of. */
export interface Answer<T> {
  data: T;
  response: ApiResponse;
  text: string;
}

/** A promise of an object. A refusal rejects, whatever is asked for. */
export class APIPromise<T> implements Promise<T> {
  readonly [Symbol.toStringTag]: string = "APIPromise";
  readonly #first: Promise<Answer<T>> | (() => Promise<Answer<T>>);
  #answer: Promise<Answer<T>> | undefined;

  /** A function is called when the answer is first asked for. */
  constructor(first: Promise<Answer<T>> | (() => Promise<Answer<T>>)) {
    this.#first = first;
  }

  then<A = T, B = never>(
    done?: ((data: T) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#data().then(done, failed);
  }

  catch<B = never>(failed?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#data().catch(failed);
  }

  finally(last?: (() => void) | null): Promise<T> {
    return this.#data().finally(last);
  }

  /** The answer as fetch gives it, with a body of its own to read. */
  async asResponse(): Promise<Response> {
    return raw(await this.#started());
  }

  /** The object and the answer. */
  async withResponse(): Promise<{ data: T; response: Response; requestId: string | null }> {
    const answer = await this.#started();
    return { data: answer.data, response: raw(answer), requestId: answer.response.requestId };
  }

  #data(): Promise<T> {
    return this.#started().then(({ data }) => data);
  }

  #started(): Promise<Answer<T>> {
    return (this.#answer ??= typeof this.#first === "function" ? this.#first() : this.#first);
  }
}

function raw({ response, text }: Answer<unknown>): Response {
  const { status, headers } = response;
  return new Response(status === 204 ? null : text, { status, headers });
}
