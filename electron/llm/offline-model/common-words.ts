/**
 * Words that are no part of a patient's name when they stand in a question. Left out on purpose: words that are common
 * first or family names, which only count as names next to a title or another name.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `a about above access according across active add admit after again age ago alert all allowed almost alone already also always am an
  and another answer any anybody anyone anything apart are around as ask asked at attention available avpu acvpu away back bad be because
  bed beds been before begin behind being below best better between big birth bit both bp but by call called can cannot can't care change
  changed chart check clear clinic close come coming compare compared complete could couldn't count current currently daily data date dates
  day days deal definitely department details did didn't difference different do does doesn't doing done don't dose doses down drop
  dropped dropping drug drugs due during each early earlier either else end ends enough even evening ever every everybody everyone everything
  exactly fall falling far fast few fever file find fine finish first following follow-up for form found from full get gets getting
  give given gives giving go goal goals goes going gone good got great guess had has hasn't have haven't having he he's heart help her here
  hers herself hey hi high higher highest him himself his history home hospital hour hours hours' how however hr hrs i i'd i'll i'm i've id
  identity if important in increase increasing information instead into is isn't issue issues it it's its just keep kind know known lab
  labs last late later latest least leave left less let let's like list listed live lives long look looking lot low lower lowest make man many
  matter maybe me mean meant med medical meds mg might min mine minute minutes missing mobile moment monday month months more morning
  most much must my myself name named names near need needs never new newest news news2 next night no nobody none normal not note nothing
  now number numbers nurse obs of off ok okay old older oldest on once one ones only open or order other others our out over overdue
  overnight own oxygen page pain part past patient's people per perhaps person phone place plan plans please point possible previous
  probably problem problems quick quickly rate rates reading readings ready real really reason recent recently red result results right
  rise rising role room round rota roster said same saturday saturations sats save say says score scores search second see seeing seem seems seen
  send sent shall she she's shift should show showing shown sick side since sister six so some somebody someone something soon sort spo2
  stable staff start started state status stay still stop stopped such summarise summarize summary sunday sure system take taken takes taking team
  tell temp temps ten than thank thanks that that's the their them themselves then there there's these they they're thing things think
  third this those three thursday till time times to today together told tomorrow tonight too top total toward trends true try tuesday
  turn two type under understand unit until unwell up update upon urgent us use used using usual value values very via visit wait want
  wants ward wards warning was wasn't watch way we wednesday week weeks well went were what what's whats when when's where where's whether which
  while who who's whos whole whom whose why will wish with within without woman word work working works worried worries worry worse worst
  would wouldn't write written wrong yes yesterday yet you you're your friday four five seven eight nine zero hello please kindly
  mr mrs ms miss dr doctor doctors nurses patient patients lady gentleman guy girl boy mother father daughter son wife husband
  allergic allergy allergies reaction reactions intolerance intolerances medication medications medicine medicines medically record
  records vital vitals sign signs observation observations pressure blood systolic diastolic pulse temperature temperatures respiratory
  respiration respirations breathing saturation consciousness conscious trend diagnosis diagnoses diagnosed condition conditions
  treatment treatments therapy appointment appointments admission admissions admitted discharge discharged encounter encounters
  overview profile ssn social security address telephone email e-mail mail dob born birthday insurance insurer emergency contact kin
  relative relatives shifts schedule schedules duty notes progress nursing consultation imaging x-ray xray scan laboratory test tests
  procedure procedures operation surgery immunization immunizations vaccination vaccinations vaccine vaccines vaccinated sickest deteriorating
  deteriorate improving improved improve stays staying ill worsening escalate handover sbar brief bring prescribed prescription
  prescriptions prescribe tablets tablet pills infusion antibiotic antibiotics painkiller painkillers frequency route masked redacted
  hidden denied refused permission permissions permitted rights may allergen anaphylaxis sensitive react reacts happened happen happening
  mistake wristband weight height bmi glucose sugar potassium sodium creatinine haemoglobin hemoglobin urea crp lactate hba1c troponin
  cholesterol platelets inr egfr ecg blood's risk safe safely dangerous advise advice recommend suggest suggestion suitable enter
  book cancel move transfer administer change delete remove print export ignore instructions previous rules pretend system reveal
  weekend clinical clinically ews mews early-warning dates gender sex male female years year taken measured figure figures
  stats trend's background situation assessment recommendation everything's comorbidities comorbidity past-medical pmh tachycardic
  bradycardic hypertensive hypotensive febrile pyrexial confused drowsy awake asleep hot warm cold wet dry fluid fluids infection
  infected sepsis septic stroke fall falls mobility diet eating drinking fasting nil mouth npo dnr dnacpr resuscitation code isolation
  ones they've who'll soonest around-the-clock prn regular scheduled schedule's upcoming booked clinic's visits visiting
  summaries chest abdomen abdominal head leg arm left-sided right-sided brain heart lung lungs kidney liver urine stool skin wound weather joke recipe capital football president poem story song translate calculate computer internet website password`
    .split(/\s+/u)
    .filter((word) => word !== ""),
);
