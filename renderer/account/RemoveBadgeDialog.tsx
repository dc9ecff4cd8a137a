import { useMutation } from "@tanstack/react-query";
import { call, failureOf } from "../bridge/call";
import { TaskDialog } from "./TaskDialog";

/** A badge that was lost, or is no longer wanted, opens nothing from now on. */
export function RemoveBadgeDialog({ onClose }: { readonly onClose: (words?: string) => void }) {
  const remove = useMutation({
    mutationFn: () => call("account.removeBadge", {}),
    onSuccess: () => onClose("The badge opens nothing any more."),
  });
  return (
    <TaskDialog
      title="Remove badge?"
      act="Remove badge"
      danger
      onClose={() => onClose()}
      onSubmit={() => remove.mutate()}
      ready
      busy={remove.isPending}
      busyWords="Removing"
      failure={remove.isError ? failureOf(remove.error) : null}
    >
      <p>
        It stops working at once, on every workstation. You sign in with username and password until you add another.
      </p>
    </TaskDialog>
  );
}
