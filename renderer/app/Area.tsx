import { AdministrationPage } from "../administration/AdministrationPage";
import { AssistantPage } from "../assistant/AssistantPage";
import { AttentionPage } from "../attention/AttentionPage";
import { AuditPage } from "../audit/AuditPage";
import { CompliancePage } from "../compliance/CompliancePage";
import { OfflineArea, useWithoutNetwork } from "../offline/OfflineArea";
import { PatientPage } from "../patient/PatientPage";
import { PatientSearchPage } from "../patient/PatientSearchPage";
import { SettingsPage } from "../settings/SettingsPage";
import { ShiftsPage } from "../shifts/ShiftsPage";
import { WardPage } from "../ward/WardPage";
import type { AreaProps } from "./area-props";

/** The one area that is open. */
export function Area(props: AreaProps) {
  const withoutNetwork = useWithoutNetwork(props);
  if (withoutNetwork) return <OfflineArea {...props} />;
  return <LiveArea {...props} />;
}

function LiveArea(props: AreaProps) {
  switch (props.place.area) {
    case "ward":
      return <WardPage {...props} />;
    case "patients":
      return <PatientSearchPage {...props} />;
    case "patient":
      // Another patient is another page: nothing of the one before may linger in it.
      return <PatientPage key={props.place.patientId} {...props} />;
    case "assistant":
      return <AssistantPage {...props} />;
    case "shifts":
      return <ShiftsPage {...props} />;
    case "audit":
      return <AuditPage {...props} />;
    case "compliance":
      return <CompliancePage {...props} />;
    case "attention":
      return <AttentionPage {...props} />;
    case "administration":
      return <AdministrationPage {...props} />;
    case "settings":
      return <SettingsPage {...props} />;
  }
}
