import { type Row, toQuestions } from "./offline-question";

/** The ward, and whom a question is about. */
const rows: readonly Row[] = [
  // the ward
  [
    "Who is on my ward?",
    ["list_ward"],
    ["3 patients", "[ARNOLD, Leah (Mrs)](chart:FCE57)", "bed 5A-01", "NEWS2 **9**", "2 h ago"],
    { hasNot: ["SMITH"] },
  ],
  ["list my patients please", ["list_ward"], ["CHEN, Michael"]],
  ["how many patients are on ward 5A", ["list_ward 5A"], ["3 patients on ward 5A (Internal Medicine)"]],
  ["who is on ward 9X", ["list_ward 9X"], ["There is no ward 9X that you can choose", "5A (Internal Medicine)"]],
  ["who is sickest", ["list_ward"], ["NEWS2 **9**", "no score: [CHEN, Michael (Mr)]"]],
  ["Who has the highest score?", ["list_ward"], ["Highest early warning scores"]],
  ["is anyone deteriorating", ["list_ward"], ["NEWS2 **9**"]],
  [
    "what is due next?",
    ["list_ward"],
    ["18:00 (in 6 h)", "**metformin** 500 mg", "what was given is not recorded here"],
  ],
  ["whose observations are overdue", ["list_ward"], ["oldest first", "last set 16 h ago, old"]],
  ["who's in bed 3", ["list_ward", "get_patient_overview 6VCB8"], ["CHEN, Michael"]],
  ["who is on my ward", ["list_ward"], ["4 patients in the hospital"], { role: "Reception", hasNot: ["NEWS2"] }],
  ["who is sickest", ["list_ward"], ["does not see early warning scores"], { role: "Reception" }],
  // whom a question is about
  ["smyth bp", ["find_patients smyth"], ["No patient named smyth"], { openChart: "FCE57", hasNot: ["mmHg"] }],
  ["leah bp", ["find_patients leah", "get_vital_signs FCE57"], ["141/84"], { openChart: "6VCB8" }],
  [
    "vitals for Leah and michael",
    ["find_patients leah", "find_patients michael", "get_vital_signs FCE57", "get_vital_signs 6VCB8"],
    ["141/84", "128/82"],
  ],
  ["FCE57", ["get_patient_overview FCE57"], ["[ARNOLD, Leah (Mrs)](chart:FCE57)", "born 1985", "bed 5A-01"]],
  ["overview of fce57", ["get_patient_overview FCE57"], ["(FCE57)"]],
  ["who is Leah", ["find_patients leah", "get_patient_overview FCE57"], ["ARNOLD, Leah"]],
  ["how old is Leah Arnold?", ["find_patients arnold leah", "get_patient_overview FCE57"], ["40 or 41 years old"]],
  ["ARNOLD, Leah", ["find_patients leah arnold", "get_patient_overview FCE57"], ["ARNOLD, Leah"]],
  ["Mrs Arnold's allergies", ["find_patients arnold", "get_allergies FCE57"], ["Amoxicillin"]],
  [
    "Arnold's vitals",
    ["find_patients arnold"],
    [
      "Several patients fit the name Arnold",
      "1. [ARNOLD, Leah (Mrs)](chart:FCE57), FCE57",
      "2. [ARNOLD, Peter (Mr)](chart:7KQ2M)",
      "Which patient do you mean?",
    ],
  ],
  [["Arnold's vitals", "the second one"], ["get_vital_signs 7KQ2M"], ["132/70"]],
  [["Arnold's vitals", "Peter"], ["find_patients peter", "get_vital_signs 7KQ2M"], ["132/70"]],
  [["Arnold's vitals", "7kq2m"], ["get_vital_signs 7KQ2M"], ["132/70"]],
  [
    "Leah Arnld's vitals",
    ["find_patients arnld leah", "find_patients arn"],
    ["spelt alike", "ARNOLD, Leah", "Which patient"],
    { hasNot: ["mmHg"] },
  ],
  [
    "what is Smith's blood pressure",
    ["find_patients smith", "find_patients smi"],
    ["No patient named Smith on your wards or lists."],
  ],
  [
    "what is Smith's blood pressure",
    ["find_patients smith", "find_patients smi"],
    ["No patient named Smith"],
    { openChart: "FCE57", hasNot: ["mmHg"] },
  ],
  [
    ["vitals of Leah", "what is Smith's pulse", "and her temperature?"],
    [],
    ["I do not know whom you mean"],
    { hasNot: ["°C"] },
  ],
  ["9ZZ9Z", ["get_patient_overview 9ZZ9Z"], ["No patient 9ZZ9Z on your wards or lists."]],
  ["0AA0A", ["get_patient_overview 0AA0A"], ["No patient 0AA0A on your wards or lists."]],
  ["find chen", ["find_patients chen"], ["[CHEN, Michael (Mr)](chart:6VCB8)"]],
  ["what are her allergies", [], ["Which patient?"]],
  ["what are her allergies", ["get_allergies FCE57"], ["Amoxicillin"], { openChart: "FCE57" }],
  [
    ["vitals of Michael", "her allergies"],
    [],
    ["The chart that is open is not the one this chat spoke of last.", "whose chart is open", "Which patient"],
    { openChart: "FCE57" },
  ],
  [
    ["vitals of Michael", "allergies of this patient"],
    ["get_allergies FCE57"],
    ["Amoxicillin"],
    { openChart: "FCE57" },
  ],
  [
    ["allergies of Leah", "and Michael?", "and Peter?"],
    ["find_patients peter", "get_allergies 7KQ2M"],
    ["**not asked**"],
  ],
  [
    "vitals for Leah and Michael",
    ["find_patients leah", "find_patients michael", "get_vital_signs FCE57", "get_vital_signs 6VCB8"],
    ["141/84", "128/82"],
  ],
  [
    ["vitals for Leah and Michael", "and the allergies of both"],
    ["get_allergies FCE57", "get_allergies 6VCB8"],
    ["Amoxicillin", "no known allergies"],
  ],
  [
    "Leah's allergies and medications",
    ["find_patients leah", "get_allergies FCE57", "get_medications FCE57"],
    ["Latex", "metformin"],
  ],
];

export const peopleQuestions = toQuestions(rows);
