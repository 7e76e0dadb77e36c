"""Verbs of English business prose, and what the classes of them imply about who acted.

The lists of base forms say only that a word *can* be a verb; who acted is decided by structure (`judge`).
A verb in none of the classes is judged by its subject, by-phrase and the artefact alone.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Base forms that are (nearly) always verbs at the head of a line.
VERBS = _words("""
accelerate accept achieve acknowledge acquire adapt add address adjust admit advance advise agree align allocate allow
amend analyse announce answer anticipate apply appoint appreciate approve arrange articulate ascertain ask assemble assess
assign attach attend authorise await become begin believe bring broaden build buy calculate capture certify challenge
check choose circulate clarify close collaborate collect come commit communicate compare compile complete conduct
configure confirm connect consider consult convert convince coordinate countersign craft create customise dedicate decide
declare decline deepen define deliver demonstrate describe determine develop diagnose dial disclose discover discuss
disqualify dispatch distribute do document download draw drive earmark earn educate elicit eliminate email endorse engage
enrich enrol ensure enter escalate establish evaluate evolve examine execute expand expect explain explore extend
facilitate fill finalise find finish follow forget formalise formulate forward fund gain gather generate get give go grant
grow guide hand handle hear help hesitate hire hold host identify illustrate implement improve include inform initiate insist
inspect install integrate interview introduce investigate invite involve isolate issue join justify keep know learn leave
let leverage listen lobby locate log lodge maintain make manage meet mention modify monitor move name negotiate nominate
notify nurture observe obtain onboard open organise outline own participate pay perform persuade ping polish prepare prequalify
prequalify prescribe present prioritise probe proceed produce promise promote propose prospect prove provide publish purchase
pursue qualify quantify raise ratify reach read reassure recap receive recognise recommend reconnect record recruit redline
re-engage refer refine reframe rehearse reiterate reject release remind remove renegotiate renew reply report
represent resolve respond retain return reveal review revise run salute say schedule score screen secure see seek segment
select sell send serve set settle share show sign socialise solicit solve speak specify start state stop strengthen submit
suggest summarise supply support surface tackle tailor take talk teach tell thank think tie train transfer translate
trust uncover understand undertake update upload upsell use validate verify veto vote wait walk want warm warn win
withdraw work write zoom id multithread multi-thread cross-sell post-sell pre-qualify qualify cultivate differentiate position
align attempt compose conclude confront contrast create de-risk debrief defend detail devise engage enlist exchange fix
frame gauge hunt ideate influence inquire instruct leave lock lower loop mitigate neutralise overcome plan price protect
pull push put quantify reach record reconfirm reopen resend restate retire revisit scope seek size solidify spot structure
synthesise target test track triage unlock book draft debrief flag assist attract boost cancel carry chair cold-call confer curate
delegate deploy detect dig direct elevate embed empower encourage equip fetch foster greet import inspire jot land mail motivate
navigate orchestrate oversee pass pause phone pick pivot populate practise prep press procure reassign reduce refresh register
remind reserve reset retrieve scan shadow shape shift ship sit skip stay subscribe sync tag transition tune turn urge welcome
widen lose agree say fly drop bundle upskill cross-check double-check deep-dive shortlist countersign spend invest merge unpack vet visualise whitelist green-light notarise wire
""")

# Can be verb or noun; as the first word of a line a verb only where what follows makes it one.
VERB_OR_NOUN = _words("""
access account advance alert answer appeal approach arrange audit award bid bill brief budget call campaign catch challenge
change charge chase check claim click close coach commit concern contact contract cost counter courier cover credit deal debate
debrief delay demand demo deposit design detail discount document draft drive email estimate exchange face fax feedback file
filter focus follow-up forecast form fund grade guide handle highlight host hunt impact increase interest interview invoice issue
judge label launch lead license link list log mail map mark market measure merge meet message model move need network note object
offer onboard open order outline own pilot pitch place plan position post power price probe process profile progress project
promise proof prototype purchase push qualify query question quote rank rate reach recap record reference release remark rent
repeat reply report request rescue research result return review reward risk route run sample scale schedule scope score screen
search share shortlist show sign signal sketch slot sort sound source sponsor staff stage start state step structure study
submit supply support surface survey table talk target tender test text time track trade train transfer travel trial trust
trigger update use value view visit voice vote walk warm win work workshop wrap sign-off check-in
""")

# Of those, the ones that lead a noun compound ("Demo environment") unless a determiner or a person follows.
NOUN_FIRST = _words("""
access account advance award bid bill budget campaign claim contract cost counter credit deal demand demo deposit discount
estimate feedback form fund impact increase interest invoice issue lead license market model network object offer open order
pilot power process project promise proof prototype purchase quote rank rate reference return reward risk sample scale signal
source sponsor staff stage state step study table tender test text time trade trial trust value vote workshop sign-off need progress
check-in call contact proposal commit email follow-up
""")


IRREGULAR = {
    form: lemma
    for lemma, forms in {
        "be": "was were been", "become": "became become", "begin": "began begun", "bring": "brought", "build": "built",
        "buy": "bought", "catch": "caught", "choose": "chose chosen", "come": "came", "cut": "cut", "deal": "dealt",
        "do": "did done", "draw": "drew drawn", "drive": "drove driven", "fall": "fell fallen", "feel": "felt",
        "find": "found", "forget": "forgot forgotten", "get": "got gotten", "give": "gave given", "go": "went gone",
        "grow": "grew grown", "have": "had", "hear": "heard", "hold": "held", "keep": "kept", "know": "knew known",
        "lay": "laid", "lead": "led", "learn": "learnt", "leave": "left", "lose": "lost", "make": "made",
        "mean": "meant", "meet": "met", "overcome": "overcame", "pay": "paid", "put": "put", "quit": "quit",
        "read": "read", "rewrite": "rewrote rewritten", "run": "ran run", "say": "said", "see": "saw seen",
        "seek": "sought", "sell": "sold", "send": "sent", "set": "set", "show": "showed shown", "speak": "spoke spoken",
        "spend": "spent", "take": "took taken", "teach": "taught", "tell": "told", "think": "thought",
        "understand": "understood", "undertake": "undertook undertaken", "win": "won", "withdraw": "withdrew withdrawn",
        "write": "wrote written", "swear": "swore sworn", "shake": "shook shaken", "bind": "bound", "split": "split",
    }.items()
    for form in forms.split()
}  # fmt: skip

AUXILIARIES = _words("""is are was were be been being has have had do does did will would shall should can could may might
must am 's""")
MODALS = _words("will would shall should can could may might must")

# Who acts when the verb stands without an agent (see `judge`). Lemmas, British -ise.
SENDING = _words("""send deliver present share submit issue provide give mail email fax courier circulate dispatch post
forward show make propose quote pitch demo offer communicate hand leave text ping supply distribute transmit publish explain
demonstrate bring lodge return-call resend introduce place extend""")
RETURNING = _words("receive return accept-back get obtain win secure")
ASSENTING = _words("""sign accept approve agree confirm endorse ratify select choose award commit request ask order pay reject
decline shortlist allocate attend open redline grant buy purchase decide authorise release countersign initial veto vote
acknowledge prefer execute download earmark sponsor nominate appoint requisition refuse read""")
NOTING = _words("""identify id document map capture log record note qualify research uncover discover understand gather collect
analyse assess chart determine list locate find establish test verify track score profile learn screen diagnose surface
summarise explore investigate quantify prioritise recap discuss review validate enrich rank""")
CONVENING = _words("""schedule book hold arrange set conduct complete do run host organise plan finish start begin pass perform
deliver kick""")
MAKING = _words("""draft prepare build write create design tailor develop compile revise update configure customise calculate
produce price rehearse polish""")
SPEAKING = _words("""agree confirm accept approve commit decide promise say tell state acknowledge prefer choose select endorse
reject decline see hear speak discuss mention express intend explain""")
STATES = _words("""understand know believe want like need trust feel think prefer hope care appreciate recognise realise own have
be fit intend plan consider value doubt hesitate love desire see expect face struggle match agree-in-principle remain seem appear
wish lack tend align qualify recognize belong contain""")
ONGOING = _words("evaluate consider explore discuss negotiate await wait pursue work compare review monitor support engage")
# People do these without an object; so "Customer responded" is active where "Customer contacted" is passive.
INTRANSITIVE = _words("""respond reply agree attend sign commit decide accept approve confirm join buy purchase pay enrol log
register subscribe hesitate vote arrive call-back return object decline order go come say participate engage-in withdraw stop leave
appear show answer resign proceed move opt escalate comply acknowledge bite start begin continue pull-out""")
# Adjectives and participles that say how a party feels or stands, not what it did.
STATE_WORDS = _words("""interested engaged aligned committed convinced satisfied bought-in ready happy aware willing comfortable
excited keen open warm hot cold confident supportive motivated enthusiastic unhappy unsure able likely active available
on-board onboard sold invested involved responsive qualified-in dissatisfied pleased receptive familiar eager serious credible
enthused impressed urgent funded clear free concerned worried""")
