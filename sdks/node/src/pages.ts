/** Lists: a page, and from there all items, asked for when they are needed. */

import type { ApiResponse } from "./errors.js";
import { APIPromise } from "./promises.js";

/** A page as the API answers it. */
export interface PageContent<T> {
  object: "list";
  url: string;
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

/** Some objects, newest first; `for await` over it gives the items of all pages from here on. */
export class Page<T> implements PageContent<T>, AsyncIterable<T> {
  declare readonly object: "list";
  declare readonly url: string;
  declare readonly data: T[];
  declare readonly has_more: boolean;
  declare readonly next_cursor: string | null;
  declare readonly lastResponse: ApiResponse;
  readonly #more: (cursor: string) => Promise<Page<T>>;

  constructor(content: PageContent<T>, response: ApiResponse, more: (cursor: string) => Promise<Page<T>>) {
    Object.assign(this, content);
    if (!Array.isArray(this.data)) this.data = [];
    Object.defineProperty(this, "lastResponse", { value: response });
    this.#more = more;
  }

  /** The page after this one; null if this is the last. */
  async nextPage(): Promise<Page<T> | null> {
    const last = this.data.at(-1) as { id?: string } | undefined;
    const cursor = this.has_more === true && last !== undefined ? (this.next_cursor ?? last.id) : undefined;
    return cursor === undefined ? null : this.#more(cursor);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let page: Page<T> | null = this; page !== null; page = await page.nextPage()) yield* page.data;
  }
}

/** What a list method gives: `await` it for a page, or iterate over all items with `for await`. */
export class PagePromise<T> extends APIPromise<Page<T>> implements AsyncIterable<T> {
  override readonly [Symbol.toStringTag] = "PagePromise";

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this;
  }

  /** All items, or the first `limit`. */
  async toArray(options: { limit?: number } = {}): Promise<T[]> {
    const items: T[] = [];
    const limit = options.limit ?? Infinity;
    if (limit < 1) return items;
    for await (const item of this) {
      items.push(item);
      if (items.length >= limit) break;
    }
    return items;
  }
}
