import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isFailure } from "./bridge-failure";

const seconds = 1000;
/** Failures that pass by themselves; any other is for a person to act on and is shown at once. */
const passing = ["DATABASE_BUSY", "DATABASE_UNAVAILABLE", "TOO_MANY_REQUESTS"] as const;
/** Failures after which this page must ask again who is signed in. */
const sessionOver = ["SESSION_EXPIRED", "NOT_SIGNED_IN", "LOCKED"] as const;

/** Whether what was thrown means that nobody is signed in here any more. */
export function isSessionOver(error: unknown): boolean {
  return isFailure(error, ...sessionOver);
}

/** Whether what was thrown passes by itself, so that asking again is all there is to do. */
export function passes(error: unknown): boolean {
  return isFailure(error, ...passing);
}

/**
 * The cache of what was asked: in memory only, dropped with the page when the workstation locks. Each read is audited,
 * so nothing is asked again merely because a window came to the front.
 */
export function createQueryClient(onSessionOver: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // The question who is signed in answers itself: asking it again would go round in circles.
        if (isSessionOver(error) && query.queryKey[1] !== "session.current") onSessionOver();
      },
    }),
    defaultOptions: {
      queries: {
        // The bridge is on this machine: the browser's own notion of being online says nothing about it.
        networkMode: "always",
        staleTime: 30 * seconds,
        gcTime: 300 * seconds,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (count, error) => count < 2 && passes(error),
        retryDelay: (count) => (count + 1) * 1500,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
