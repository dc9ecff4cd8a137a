/** What a question can be about. Each has its own answer; what is on no list is said not to be understood. */
export type PatientTopic =
  | "overview"
  | "summary"
  | "records"
  | "notes"
  | "diagnoses"
  | "procedures"
  | "immunizations"
  | "vitals"
  | "measure"
  | "laboratory"
  | "score"
  | "medications"
  | "due"
  | "allergies"
  | "plans"
  | "appointments"
  | "admissions"
  | "identity"
  | "advice";
export type OtherTopic =
  | "ward"
  | "sickest"
  | "overdue"
  | "find"
  | "my-shifts"
  | "shifts"
  | "permissions"
  | "help"
  | "greeting"
  | "thanks"
  | "write"
  | "break-glass"
  | "time"
  | "everybody";
export type Topic = PatientTopic | OtherTopic;

interface TopicRule {
  readonly topic: Topic;
  readonly says: RegExp;
  /** The topics that are not meant when this one is. */
  readonly instead?: readonly Topic[] | "all";
}

/** In the order in which they are tried; matched against the folded, mended question with single spaces. */
export const topicRules: readonly TopicRule[] = [
  { topic: "break-glass", says: /break.?(?:the )?glass|emergency access/u, instead: "all" },
  {
    topic: "permissions",
    says: /\b(?:what|which \w+|who) (?:may|can|could|am|are) (?:i|we|my role) (?:see|allowed|access|not see|look up|read)|why (?:can'?t|cannot|can not|may|am|don't|do|is|are|was|were)\b.*\b(?:see|allowed|denied|masked|redacted|hidden|refused)|(?:am i|are we|not) allowed|\bwho am i\b|my (?:permissions?|rights|access|role)\b|\bmay i (?:see|not see|read|look)|permission/u,
    instead: "all",
  },
  {
    topic: "help",
    says: /^(?:help|help me|\?)$|what (?:can|do) you (?:do|know|answer|understand)|how (?:do|can|should) i (?:use|ask|talk)|who are you|what are you\b|are you (?:an?|real|human|chatgpt)\b|how does this work|what (?:can|could|should) i ask/u,
    instead: "all",
  },
  {
    topic: "advice",
    says: /\bshould (?:i|we|she|he|they) (?!know|see\b|look|read|ask|be seen)|\b(?:shall|must) (?:i|we) (?!see)|what (?:should|shall|would|could) (?:i|we|you) (?:do|give|try)|\b(?:can|may|could) (?:i|we|she|he|they) (?:be given|give|stop|start|increase|reduce|have (?!got)|take|go home|eat|drink)|\bis it (?:ok|okay|safe|fine|alright)|\b(?:ok|okay|safe) to\b|safe for (?:her|him|them)|what dose (?:should|shall|can|do|would)|how much\b.*\b(?:give|should|take)|\brecommend|\badvise|\badvice|\bsuggest|what would you|do you think|how (?:do|should|would) (?:i|we|you) (?:treat|manage)|\bdiagnose\b|interact/u,
    instead: "all",
  },
  {
    topic: "write",
    says: /^(?:please |can you |could you |i want to |i need to )*(?:record (?!of|for)|document|enter|write|add|book|cancel|move|discharge|transfer|admit (?!t)|prescribe|stop|start|give (?!me|us)|administer|sign|delete|remove|change|update (?!me|us|on)|order|send|message|call|page|print|export|email|chart (?:a|the|bp|obs|this|her|his))\b/u,
    instead: "all",
  },
  {
    topic: "summary",
    says: /summar|\bupdates? on\b|\bsbar\b|hand ?over(?! note)|brief me|catch me up|what should i know|\bany news\b|what's new|what is new|latest on|full picture|everything (?:about|on)|run me through|fill me in/u,
    instead: "all",
  },
  {
    topic: "my-shifts",
    says: /\bmy (?:next |upcoming |own )?(?:shifts?|rota|roster|duty|duties|schedule|hours)|when (?:do|am|does) (?:i|my shift)\b.*\b(?:work|on|off|finish|end|start|next)|am i (?:working|on|off)\b|\bi'?m? (?:on|working) (?:tomorrow|tonight|next)|when can i go home|\bdo i (?:work|finish)/u,
    instead: ["shifts", "due", "ward"],
  },
  {
    topic: "shifts",
    says: /\bshifts?\b|\brota\b|\broster\b|schedules\b|department schedule|staffing|who(?:'s| is|se)? (?:on duty|working|on shift|on call|on tonight)|on duty|on call/u,
    instead: ["ward"],
  },
  {
    topic: "overdue",
    says: /\b(?:obs|observations?|vitals?|vital signs?) (?:is |are )?(?:over)?(?:due|late|missing|old)|who (?:needs|has not had|hasn't had|is due|has had no)\b.*\b(?:obs|observations|vitals)|(?:overdue|oldest|missing|no) (?:obs|observations|vitals)/u,
    instead: ["due", "vitals", "ward", "sickest"],
  },
  {
    topic: "sickest",
    says: /sickest|\bworst\b|highest|most (?:unwell|ill|sick|urgent|worrying|serious)|who (?:needs|should i see|do i see|should we see|is) .*\b(?:first|attention|urgent|deteriorating|unwell|worrying|worse)|\b(?:anyone|anybody|someone|who)\b.*\b(?:worr|unwell|deteriorat|scor|escalat|sick)|patients?\b.*\bscor|scor\w*\b.*\bpatients\b|top scores?|priorit|scores (?:on|of|for) (?:my|the|our|all|every)|(?:all|every|everyone's|ward) scores/u,
    instead: ["ward", "score", "measure"],
  },
  {
    topic: "ward",
    says: /who(?:'s| is| are| do i have| have i got)?\b.*\b(?:on|in|here|at) ?(?:my|the|our|this)? ?(?:ward|list|unit)\b|\bmy (?:ward|patients|list|lot)\b|\bward (?:list|overview|round)|(?:list|show)\b.*\b(?:the|my|our|all) (?:ward|patients)|\ball (?:my |the |our )?patients|(?:which|what|how many|who are)\b.*\bpatients\b|who (?:do i have|have i got|am i looking after|is mine|are mine)|patients (?:on|in)\b|^(?:the )?ward$|occup(?:ied|ancy)|^ward \w+$|\bour ward\b|who(?:'s| is) here/u,
  },
  {
    topic: "due",
    says: /(?<!how )\bdue\b|next (?:dose|medicine|medication|drug|meds|tablet)|drug round|\bmed(?:s|ications?|icines?)? round|overdue|needs? giving|to give (?:next|now|at)|\blast (?:dose|given)|(?:been|already) given|already had/u,
    instead: ["medications"],
  },
  {
    topic: "find",
    says: /^(?:please )?(?:find|search|look ?up|look for)\b|is there a(?:ny)? patients?|do we have (?:a|any)|patients? (?:called|named)|anyone (?:called|named)/u,
  },
  {
    topic: "identity",
    says: /\bphone|telephone|mobile|\bssn\b|social security|\baddress|where does\b.*\blive|e-?mail|next of kin|emergency contact|\brelatives?\b|contact (?:details|number|person)|date of birth|\bdob\b|birth ?da(?:y|te)|\bborn\b|insur|identity|personal (?:data|details)|demographic/u,
  },
  { topic: "allergies", says: /allerg|anaphyl|intoleran|sensitiv|react(?:s|ions?|ed)?\b/u },
  { topic: "procedures", says: /procedures?\b|surger|\boperat/u },
  { topic: "immunizations", says: /immuni[sz]|vaccin|\bjabs?\b/u },
  {
    topic: "laboratory",
    says: /\blabs?\b|blood (?:results?|tests?|work|count)|laborator|test results?|\bresults\b|\bmeasurements\b/u,
  },
  { topic: "appointments", says: /appointment|\bclinic\b|\bvisits?\b|\bbooked\b/u, instead: ["plans"] },
  {
    topic: "admissions",
    says: /\badmi(?:t|ss)|how long (?:has|have|is|was)\b.*\b(?:here|in|been|hospital)|length of stay|\bdischarged?\b|came in|been here|encounters?\b|\bstays?\b|\b(?:her|his|the|their|patient's) (?:own )?(?:doctor|consultant|attending)|attending/u,
  },
  { topic: "score", says: /\bnews ?2?\b|early.?warning|\bews\b|\bscor(?:e|es|ing)\b/u },
  { topic: "vitals", says: /\bvitals?\b|\bobs\b|observations?\b|vital signs|\bstats\b/u },
  {
    topic: "diagnoses",
    says: /diagnos[ie]s|\bconditions?\b|problem list|\bproblems?\b|what(?:'s| is) wrong|comorbid|past medical|\bpmh\b|diabet|asthma|\bcopd\b|epilep|cancer|heart failure|hypertension\b|pneumonia|pregnan|dementia|\bstroke\b|sepsis|infection|suffer|illness|diseases?\b|why (?:is|was) (?:she|he|\S+) (?:here|in|admitted|on)/u,
  },
  {
    topic: "notes",
    says: /\bnotes?\b|\bwrote\b|\bwrite\b|\bwritten\b|documented|discharge summary|consultation|x-?ray|imaging|\bscans?\b|\bmri\b|radiolog/u,
  },
  { topic: "records", says: /\brecords?\b|\bchart\b|\bhistory\b|\bfile\b/u },
  { topic: "plans", says: /treatments?\b|care plan|\bplans?\b|\bgoals?\b|therap|follow.?up/u },
  {
    topic: "medications",
    says: /medic(?:ines?|ations?)\b|\bmeds?\b|\bdrugs?\b|prescri|tablets?\b|\btaking\b|\bpills?\b|infusions?|antibiotics?|painkillers?|\bdos(?:e|es|age)\b|what(?:'s| is) (?:she|he|\S+) on\b|\bis (?:she|he|\S+) on (?!my|the|our|oxygen|air|ward|shift|duty)/u,
  },
  {
    topic: "overview",
    says: /overview|tell me about|who is\b|who's\b|(?:which|what) (?:bed|ward)|where(?:'s| is)\b|how old|\bage\b|gender|\bsex\b|male or female|patient number|profile/u,
  },
  { topic: "time", says: /what(?:'s| is)? (?:the )?(?:time|day|date)\b|today's date/u },
];

export const patientTopics: ReadonlySet<Topic> = new Set<PatientTopic>([
  "overview",
  "summary",
  "records",
  "notes",
  "diagnoses",
  "procedures",
  "immunizations",
  "vitals",
  "measure",
  "laboratory",
  "score",
  "medications",
  "due",
  "allergies",
  "plans",
  "appointments",
  "admissions",
  "identity",
  "advice",
]);

export const trendWords =
  /trend|go(?:ing|ne|es)? (?:up|down|higher|lower)|\bris(?:e|ing|en)\b|fall(?:s|ing|en)?\b|drop|climb|increas|decreas|improv|\bworse|\bbetter\b|\bsince\b|over (?:the )?(?:last|past)|(?:last|past) \d+|\bchang|develop|\bstable\b|up or down|higher|lower|deteriorat|compared|yesterday|overnight|last night|how (?:has|have|did)\b.*\bbeen\b|up\?$|down\?$/u;

export const greetingWords =
  /^(?:hi|hello|hey|good (?:morning|evening|afternoon|day|night)|morning|evening)(?: there| lamplight| assistant| all| how are you.*)?$|^how are you(?: today| doing)?$/u;
export const thanksWords =
  /^(?:many |ok |okay |great |perfect )?(?:thanks|thank you|cheers|ta|ok|okay|great|perfect|good|got it|understood|bye|goodbye)(?: .{0,20})?$/u;
