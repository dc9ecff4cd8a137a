import { AdministrationPage } from "../administration/AdministrationPage";
import { AssistantPage } from "../assistant/AssistantPage";
import { AuditPage } from "../audit/AuditPage";
import { PatientPage } from "../patient/PatientPage";
import { PatientSearchPage } from "../patient/PatientSearchPage";
import { SettingsPage } from "../settings/SettingsPage";
import { ShiftsPage } from "../shifts/ShiftsPage";
import { WardPage } from "../ward/WardPage";
import type { AreaProps } from "./area-props";

/** The one area that is open. */
export function Area(props: AreaProps) {
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
    case "administration":
      return <AdministrationPage {...props} />;
    case "settings":
      return <SettingsPage {...props} />;
  }
}
