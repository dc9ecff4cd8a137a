import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { failureOf } from "../bridge/bridge-failure";
import { Button } from "./Button";
import { ErrorState } from "./ErrorState";
import { formatTime } from "./format";
import { Notice } from "./Notice";
import { Skeleton } from "./Skeleton";

export interface QueryViewProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
  readonly isEmpty?: (data: Data) => boolean;
  readonly empty?: ReactNode;
  readonly rows?: number;
  /** What is being fetched, e.g. `Loading the ward list`. */
  readonly label?: string;
}

/** One query in each of its states: loading, failed, empty, shown, and shown though the last refresh failed. */
export function QueryView<Data>({
  query,
  children,
  isEmpty,
  empty,
  rows = 4,
  label = "Loading",
}: QueryViewProps<Data>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    if (query.isError) return <ErrorState failure={failureOf(query.error)} onRetry={retry} />;
    return <Skeleton rows={rows} label={label} />;
  }
  const shown = isEmpty?.(query.data) && empty ? empty : children(query.data);
  if (!query.isError) return shown;
  return (
    <>
      <Notice kind="warning" live title="not up to date" actions={<Button onPress={retry}>Retry</Button>}>
        Shown as of {formatTime(new Date(query.dataUpdatedAt).toISOString())}. {failureOf(query.error).message}
      </Notice>
      {shown}
    </>
  );
}
