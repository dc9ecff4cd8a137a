SET ROLE lamplight_owner;

CREATE TABLE hospital.patient (
  id uuid PRIMARY KEY,
  patient_number text NOT NULL UNIQUE CHECK (patient_number ~ '^[A-Z0-9]{3,12}$'),
  family_name text NOT NULL,
  given_name text NOT NULL,
  prefix text,
  gender text NOT NULL CHECK (gender IN ('female', 'male', 'other', 'unknown')),
  birth_year int,
  pregnant boolean NOT NULL DEFAULT false,
  allergy_status text NOT NULL DEFAULT 'not-asked' CHECK (allergy_status IN ('recorded', 'none-known', 'not-asked')),
  -- Compared byte by byte, so that a range over them uses the index also behind row policies.
  search_family text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(family_name)) STORED,
  search_given text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(given_name)) STORED,
  imported_from text,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX patient_by_family ON hospital.patient (search_family, search_given);
CREATE INDEX patient_by_given ON hospital.patient (search_given, search_family);

-- Tables of their own, so that rows can do what columns cannot. The sealed fields are AES-256-GCM ciphertext of the
-- workstation; the blind indexes are keyed HMACs, never a bare hash of a number that can be guessed.
CREATE TABLE hospital.patient_identity (
  patient_id uuid PRIMARY KEY REFERENCES hospital.patient,
  date_of_birth date,
  ssn bytea,
  ssn_index bytea,
  address bytea,
  phone bytea,
  email bytea,
  emergency_contact bytea
);
CREATE INDEX identity_by_ssn ON hospital.patient_identity (ssn_index);
CREATE TABLE hospital.patient_insurance (
  patient_id uuid PRIMARY KEY REFERENCES hospital.patient,
  provider text,
  number bytea,
  number_index bytea
);

CREATE TABLE hospital.placement (
  patient_id uuid PRIMARY KEY REFERENCES hospital.patient,
  ward_code text NOT NULL,
  bed_code text NOT NULL,
  since timestamptz NOT NULL,
  UNIQUE (ward_code, bed_code),
  FOREIGN KEY (ward_code, bed_code) REFERENCES hospital.bed
);

CREATE TABLE hospital.assignment (
  staff_id text NOT NULL REFERENCES hospital.staff,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  reason text NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT now(),
  valid_to timestamptz,
  PRIMARY KEY (staff_id, patient_id, valid_from)
);

CREATE TABLE hospital.admission (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  ward_code text NOT NULL REFERENCES hospital.ward,
  bed_code text,
  reason text,
  attending_id text REFERENCES hospital.staff,
  admitted_at timestamptz NOT NULL,
  discharged_at timestamptz,
  submission uuid UNIQUE
);
CREATE UNIQUE INDEX one_open_admission ON hospital.admission (patient_id) WHERE discharged_at IS NULL;
CREATE INDEX admission_of_patient ON hospital.admission (patient_id, admitted_at DESC);

CREATE TABLE hospital.encounter (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  class text NOT NULL,
  code text, code_system text,
  display text NOT NULL,
  status text NOT NULL,
  started_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX encounter_of_patient ON hospital.encounter (patient_id, started_at DESC);

CREATE TABLE hospital.appointment (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  staff_id text REFERENCES hospital.staff,
  department text NOT NULL,
  starts_at timestamptz NOT NULL,
  minutes int NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
  reason text,
  status text NOT NULL CHECK (status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'noshow'))
);
CREATE INDEX appointment_of_patient ON hospital.appointment (patient_id, starts_at);
CREATE INDEX appointment_of_staff ON hospital.appointment (staff_id, starts_at);

CREATE TABLE hospital.medical_record (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  kind text NOT NULL CHECK (kind IN ('nursing-note', 'progress-note', 'consultation', 'discharge-summary', 'imaging', 'laboratory')),
  title text NOT NULL,
  body text NOT NULL,
  author_id text REFERENCES hospital.staff,
  written_at timestamptz NOT NULL
);
CREATE INDEX record_of_patient ON hospital.medical_record (patient_id, written_at DESC);

CREATE TABLE hospital.diagnosis (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  code text NOT NULL, code_system text NOT NULL,
  display text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved', 'unknown')),
  onset_on date,
  resolved_on date,
  recorded_by_id text REFERENCES hospital.staff
);
CREATE INDEX diagnosis_of_patient ON hospital.diagnosis (patient_id);

CREATE TABLE hospital.procedure (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  code text NOT NULL, code_system text NOT NULL,
  display text NOT NULL,
  status text NOT NULL,
  performed_at timestamptz
);
CREATE INDEX procedure_of_patient ON hospital.procedure (patient_id);

CREATE TABLE hospital.immunization (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  code text NOT NULL, code_system text NOT NULL,
  display text NOT NULL,
  status text NOT NULL,
  occurred_at timestamptz
);
CREATE INDEX immunization_of_patient ON hospital.immunization (patient_id);

-- One row is one set taken together. Limits are what is physically possible, not what is normal; the score is computed
-- from the row whenever it is shown, never stored beside it.
CREATE TABLE hospital.vital_signs (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  recorded_at timestamptz NOT NULL,
  respiratory_rate real CHECK (respiratory_rate BETWEEN 0 AND 100),
  oxygen_saturation real CHECK (oxygen_saturation BETWEEN 0 AND 100),
  spo2_scale smallint CHECK (spo2_scale IN (1, 2)),
  on_oxygen boolean,
  systolic real CHECK (systolic BETWEEN 0 AND 350),
  diastolic real CHECK (diastolic BETWEEN 0 AND 250),
  pulse real CHECK (pulse BETWEEN 0 AND 350),
  consciousness text CHECK (consciousness IN ('A', 'C', 'V', 'P', 'U')),
  temperature numeric(4, 1) CHECK (temperature BETWEEN 20 AND 45),
  recorded_by_id text REFERENCES hospital.staff
);
CREATE INDEX vital_signs_of_patient ON hospital.vital_signs (patient_id, recorded_at DESC);

CREATE TABLE hospital.observation (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  category text NOT NULL CHECK (category IN ('vital-signs', 'laboratory', 'survey', 'other')),
  code text NOT NULL, code_system text NOT NULL,
  display text NOT NULL,
  value double precision,
  value_text text,
  unit text,
  measured_at timestamptz NOT NULL
);
CREATE INDEX observation_of_patient ON hospital.observation (patient_id, measured_at DESC);

CREATE TABLE hospital.medication (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  generic text NOT NULL,
  brand text,
  form text,
  dose text,
  route text,
  frequency text,
  due_times text[] NOT NULL DEFAULT '{}',
  as_needed boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('active', 'on-hold', 'completed', 'stopped', 'cancelled', 'unknown')),
  started_on date,
  stopped_on date,
  prescriber_id text REFERENCES hospital.staff,
  code text, code_system text
);
CREATE INDEX medication_of_patient ON hospital.medication (patient_id);

CREATE TABLE hospital.allergy (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  substance text NOT NULL,
  reaction text,
  severity text CHECK (severity IN ('mild', 'moderate', 'severe')),
  status text NOT NULL CHECK (status IN ('active', 'inactive', 'resolved')),
  recorded_on date,
  code text, code_system text
);
CREATE INDEX allergy_of_patient ON hospital.allergy (patient_id);

CREATE TABLE hospital.treatment_plan (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES hospital.patient,
  title text NOT NULL,
  goal text NOT NULL,
  steps text[] NOT NULL DEFAULT '{}',
  status text NOT NULL CHECK (status IN ('active', 'completed', 'revoked')),
  follow_up_on date,
  author_id text REFERENCES hospital.staff,
  written_at timestamptz NOT NULL
);
CREATE INDEX treatment_plan_of_patient ON hospital.treatment_plan (patient_id);
RESET ROLE;
