import { laboratoryNames, type Measure, measures } from "./measures";
import { findSubjects, type Subject } from "./subjects";
import { namedSubstances } from "./substances";
import { type TimeWindow, timeWindow } from "./time-window";
import { greetingWords, patientTopics, type Topic, thanksWords, topicRules, trendWords } from "./topics";
import { fold, mend, wordsOf } from "./words";

/** One thing that is asked. */
export interface Ask {
  readonly topic: Topic;
  readonly measures: readonly Measure[];
  /** Names of measurements outside a set of observations. */
  readonly laboratory: readonly string[];
  readonly trend: boolean;
  readonly window: TimeWindow | undefined;
  /** The substances or medicines that are asked for by name. */
  readonly named: readonly string[];
  /** The whole question, folded and mended: answers look in it for what is theirs alone. */
  readonly words: string;
}

export interface Understanding {
  readonly asks: readonly Ask[];
  readonly subjects: readonly Subject[];
  /** "she", "the patient", "both": what stands for a patient spoken of before. */
  readonly refersBack: boolean;
  readonly all: boolean;
  /** "this chart": the one that is open. */
  readonly openChart: boolean;
  readonly ward: string | undefined;
  /** "and Michael?": the question before, asked of somebody else. */
  readonly continues: boolean;
  readonly words: string;
}

/** Reads one question of everyday ward English. Pure. */
export function understand(question: string, now: Date): Understanding {
  const typed = wordsOf(question);
  const mended = typed.map((word) => ({ ...word, key: word.possessive ? word.key : mend(word.key) }));
  const words = mended.map((word) => (word.possessive ? `${word.key}'s` : word.key)).join(" ");
  const named = namedSubstances(words);
  const { subjects, ward } = findSubjects(mended, named);
  const topics = topicsOf(words, subjects.length > 0);
  const shared = {
    measures: measuresOf(words),
    laboratory: laboratoryOf(words),
    window: timeWindow(words, now),
    words,
  };
  const trend = trendWords.test(words) || trendWords.test(fold(question).trim());
  return {
    asks: topics.map((topic) => ({ ...shared, topic, named, trend })),
    subjects,
    refersBack: /\b(?:she|he|her|his|him|hers|they|them|their|both|patient|patient's|pt)\b|\b(?:she|he)'s\b/u.test(
      words,
    ),
    all: /\b(?:both|all of them|each of them|them|their)\b/u.test(words),
    openChart: /\b(?:this|open|current) (?:chart|patient)\b|\b(?:this|open) one\b/u.test(words),
    ward,
    continues: /^(?:and|what about|how about|same for|also|now)\b/u.test(words),
    words,
  };
}

function topicsOf(words: string, hasSubject: boolean): Topic[] {
  if (greetingWords.test(words)) return ["greeting"];
  if (!hasSubject && thanksWords.test(words)) return ["thanks"];
  const found = new Set<Topic>();
  const refused = new Set<Topic>();
  for (const rule of topicRules) {
    if (!rule.says.test(words)) continue;
    if (rule.instead === "all") return [rule.topic];
    found.add(rule.topic);
    for (const other of rule.instead ?? []) refused.add(other);
  }
  if (measuresOf(words).length > 0) found.add("measure");
  if (laboratoryOf(words).length > 0) found.add("laboratory");
  if (
    /\bhow(?:'s| is| are| was)\b(?!.*\b(?:blood|pulse|temp|sats?|news|score)\b)(?! (?:old|many|long|much))/u.test(words)
  )
    found.add("vitals");
  if (
    /deteriorat|getting (?:worse|better)|improving|conscious|\bavpu\b|confus|drows/u.test(words) &&
    !found.has("sickest")
  )
    found.add(/deteriorat|worse|better|improv/u.test(words) ? "score" : "vitals");
  for (const topic of refused) found.delete(topic);
  if (!hasSubject && asksOfEverybody(words) && [...found].some((topic) => chartTopics.has(topic))) return ["everybody"];
  return tidy(found, words);
}

/** What stands in one chart at a time: no list of the ward has it. */
const chartTopics = new Set<Topic>([...patientTopics].filter((topic) => topic !== "overview" && topic !== "due"));

/** "Which patients are allergic to latex": answered from the one open chart it would be wrong. */
function asksOfEverybody(words: string): boolean {
  if (/\b(?:which|any|all|how many|what|do|list|of)(?: of)?(?: my| the| our)? patients\b/u.test(words)) return true;
  return (
    /^who(?:'s| is| are| has| have| takes| else)?\b/u.test(words) &&
    !/\b(?:she|he|her|his|him|they|their|wrote|patient)\b/u.test(words)
  );
}

/** Takes out what was only an echo of another topic. */
function tidy(found: Set<Topic>, words: string): Topic[] {
  const drop = (topic: Topic, when: boolean) => when && found.delete(topic);
  drop("vitals", found.has("measure") && !/\b(?:vitals?|obs|observations?)\b/u.test(words));
  drop(
    "overview",
    found.size > 1 && !/overview|tell me about|(?:which|what) (?:bed|ward)|where|how old|\bage\b|gender/u.test(words),
  );
  drop(
    "ward",
    [...found].some((topic) => patientTopics.has(topic) && topic !== "overview" && topic !== "due"),
  );
  drop("overview", found.has("ward"));
  drop(
    "records",
    ["notes", "diagnoses", "admissions", "measure", "score"].some((topic) => found.has(topic as Topic)) &&
      !/medical records?|all records/u.test(words),
  );
  drop("notes", found.has("admissions") && /discharged?\b/u.test(words) && !/notes?|summary/u.test(words));
  drop("medications", found.has("allergies") && !/medic|\bmeds?\b|drugs?\b|taking/u.test(words));
  drop("plans", found.has("medications") && !/plan|treatment|goal/u.test(words));
  drop("time", found.size > 1);
  drop("find", found.size > 1);
  drop("identity", found.has("allergies") && /contact/u.test(words) && !/emergency|phone|address/u.test(words));
  return [...found];
}

function measuresOf(words: string): Measure[] {
  const found = measures.filter((measure) => measure.says.test(words));
  if (found.some((measure) => measure.key === "systolic") && !/systolic/u.test(words))
    return measures.filter((measure) => found.includes(measure) || measure.key === "diastolic");
  return found;
}

function laboratoryOf(words: string): string[] {
  return laboratoryNames.filter((one) => one.says.test(words)).map((one) => one.name);
}
