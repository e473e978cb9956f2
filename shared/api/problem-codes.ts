/** Kinds of problem, apart from their schemas so that who only names them need not bring zod along. */

/** What kinds of problem there are, by code: `title` and HTTP status. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "The request is not of the documented form" },
  not_json: { status: 400, title: "The body is not JSON" },
  unauthenticated: { status: 401, title: "It cannot be told who calls" },
  not_allowed: { status: 403, title: "The caller may not do this" },
  not_found: { status: 404, title: "There is no such thing" },
  method_not_allowed: { status: 405, title: "This path has no such method" },
  conflict: { status: 409, title: "Its present state does not allow this" },
  unreadable: { status: 409, title: "What is stored of it cannot be read" },
  key_in_use: { status: 409, title: "The API key belongs to another tenant" },
  too_many_feeds: { status: 409, title: "The tenant has as many feeds as it may have" },
  precondition_failed: { status: 412, title: "It is not, or no longer, as the request assumes" },
  too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body is not application/json in UTF-8" },
  credentials_malformed: { status: 422, title: "These cannot be an API key and secret" },
  credentials_refused: { status: 422, title: "mParticle refuses these credentials" },
  busy: { status: 429, title: "Something of the kind is under way" },
  internal: { status: 500, title: "Something is wrong on our side" },
  unavailable: { status: 503, title: "Not possible just now" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
