/**
 * What a person may have an app remember, and what they ask later in other words. Each concept is `name | type | text`; each
 * question names what answers it.
 */
const remembered = `
Ana Popescu | person | colleague in hardware; designs circuit boards; allergic to peanuts
Ben Carter | person | runs the book club; lives in Bristol; collects vinyl records
Dan Ionescu | person | neighbour on the third floor; keeps the spare key
Dr. Meyer | person | dentist on Elm Street; appointments by phone only
Elena Radu | person | accountant; sends the tax declaration every May
Farid Haddad | person | guitar teacher, Tuesdays at six
Grandma Ileana | person | birthday on 14 March; likes crossword puzzles and lilies
Hannah Lee | person | product manager at work; prefers short written updates
Igor Petrov | person | landlord; rent is due on the first of the month
Julia Weiss | person | physiotherapist; exercises for the lower back
Espresso machine | thing | descale every second month; filter size 58 mm
Bicycle | thing | tyres 28 inch, pressure five bar; frame number WX2291
Laptop | thing | ThinkPad with 32 GB of memory; warranty ends in 2027
Washing machine | thing | error E18 means the drain pump is blocked
Router | thing | admin password is rotated every ninety days; stands in the hallway
Tent | thing | two persons, green; one pole is bent
Piano | thing | tuned in October; the F sharp key sticks
Boiler | thing | serviced every autumn; pressure must stay above one bar
Camera | thing | batteries are of type NP-W126; sensor needs cleaning
Car | thing | blue Dacia; inspection expires in June; winter tyres are in the cellar
Quarterly report | document | revenue and costs; due ten days after the quarter ends
Rental contract | document | notice period of three months; two months of deposit
Passport | document | expires in August 2028; renewal takes six weeks
Health insurance | document | policy covers dental treatment up to 800 a year
Will | document | kept by the notary in Cluj
Vaccination record | document | tetanus booster due in 2031
Home insurance | document | water damage is covered, bicycles outside are not
Employment contract | document | 25 days of holiday, home office on Fridays
Recipe for sarmale | recipe | cabbage rolls; simmer three hours; grandmother used smoked ribs
Pancake recipe | recipe | two eggs, 250 g of flour, half a litre of milk
Sourdough | recipe | feed the starter every evening; bake at 240 degrees
Lentil soup | recipe | red lentils, cumin and lemon; freezes well
Tiramisu | recipe | mascarpone, savoiardi and strong coffee; no alcohol for the children
Gatehouse release | project | ship the installer; sign the packages; write the notes
Garden shed | project | roof leaks above the door; needs new felt
Kitchen renovation | project | tiles ordered from Sibiu; plumber comes in week 34
Family tree | project | great-grandfather was a railwayman in Galați
Marathon training | project | long run on Sundays; target under four hours
Learning Spanish | project | twenty minutes a day; subjunctive is still hard
Photo archive | project | scan the slides from the eighties; sort by year
Website of the choir | project | moved to static pages; domain renews in November
Window seat | preference | on trains and planes rather by the window
Dark mode | preference | editor and terminal with light text on black
Metric units | preference | kilometres and degrees Celsius, never miles
Vegetarian on weekdays | preference | meat only on Saturday and Sunday
No calls before nine | preference | mornings are for writing without interruption
Tabs of two spaces | preference | indentation of source files
Oat milk | preference | in coffee instead of cow milk
British spelling | preference | colour, organise, centre
Aisle of quiet | preference | noise-cancelling headphones in open-plan offices
Trip to Lisbon | event | May 2025; stayed in Alfama; tram 28 was crowded
Wedding of Ana | event | on the first Saturday of September; black tie
Flood in the cellar | event | after the storm in July; insurance paid in October
Concert of the choir | event | Fauré’s Requiem in the old church
School reunion | event | every five years; next one in 2026
Server outage | event | disk full on the database host; logs were not rotated
Move to Iași | event | from Cluj in 2019 with two cats
Burglary next door | event | thieves came through the balcony; lock was changed
Knee operation | event | meniscus, left side; six weeks on crutches
Book club evening | event | third Thursday of each month at the library
Cats | animal | Mitzi and Pufi; Mitzi needs thyroid tablets twice a day
Vet | place | clinic on Park Avenue; open on Saturdays until noon
Bakery | place | sells out of rye bread by ten
Library | place | loans run for four weeks; card number ends in 7731
Swimming pool | place | lanes are free before seven in the morning
Allotment | place | plot 14; tap is turned off from November to March
Recycling centre | place | takes paint and batteries on the second Saturday
Hardware shop | place | the only one with left-hand screws
Airport parking | place | cheapest at lot P4, shuttle every ten minutes
Climbing hall | place | day ticket fifteen euro; shoes can be rented
Postgres | technology | production runs version 16; backups at two in the night
Kubernetes cluster | technology | three nodes; ingress through nginx
Home assistant | technology | lights, blinds and thermostat; runs on a small computer in the cupboard
Password manager | technology | family vault shared with the children
Backup disk | technology | encrypted; one copy is at the parents’ house
Mail server | technology | certificates renew by themselves since March
Printer | technology | paper jams when the tray is full; toner TN-2420
Solar panels | technology | twelve modules on the south roof; inverter beeps at low grid voltage
Weather station | technology | anemometer was replaced after the storm
Git conventions | technology | messages in the imperative; no merge commits
Blood pressure | health | measured in the evening; around 128 over 82
Hay fever | health | birch and hazel; tablets from February on
Glasses | health | minus 2.5 on the right, minus 3 on the left
Sleep | health | no screens after ten; wakes at four when stressed
Migraine | health | red wine and bright light bring it on
Savings plan | money | 200 each month into a world index fund
Mortgage | money | fixed at 3.1 percent until 2032
Electricity supplier | money | contract changes in January; meter read in December
Streaming subscription | money | shared with Ben; renews every April
Donation | money | monthly to the sea rescue
Doamna Vasilescu | person | profesoara de matematică a copiilor; meditații miercurea
Centrala termică | thing | revizie în fiecare toamnă; presiunea peste un bar
Grădinița | place | program până la ora cinci; poarta din spate este încuiată
Rețetă de cozonac | recipe | nucă, cacao și coajă de lămâie; se coace o oră
Factura de gaz | money | scadentă pe data de douăzeci; se plătește online
Abonament la metrou | money | lunar; reducere pentru elevi
Excursie la munte | event | cabana de la Bâlea; cort și saci de dormit
Control la ochi | health | o dată la doi ani la clinica de lângă piață`

/** `question → names that answer it` */
const asked = `
Who designs our circuit boards? → Ana Popescu
what must Ana not eat → Ana Popescu
who has a spare key to the flat → Dan Ionescu
dentist's street → Dr. Meyer
who does my taxes → Elena Radu
when are guitar lessons → Farid Haddad
what flowers does grandma like → Grandma Ileana
how does Hannah want to be informed → Hannah Lee
when do I pay the rent → Igor Petrov
exercises against back pain → Julia Weiss
how often to descale the coffee maker → Espresso machine
pressure of the bike tyre → Bicycle
how long does the laptop's warranty last → Laptop
washer shows E18 → Washing machine
changing router passwords → Router
is the tent damaged → Tent
which piano key is sticking → Piano
servicing the boiler → Boiler; Centrala termică
camera battery type → Camera
when does the car inspection run out → Car
report about revenues → Quarterly report
notice period for leaving the flat → Rental contract
renewing my passport → Passport
does my insurance pay for the dentist → Health insurance; Dr. Meyer
where is my testament, with which notary → Will
tetanus vaccinations → Vaccination record
damage by water, is it insured → Home insurance; Flood in the cellar
how many holidays do I get → Employment contract
how long do cabbage rolls cook → Recipe for sarmale
eggs and flour for pancakes → Pancake recipe
baking temperature of sourdough bread → Sourdough
soup with lentils → Lentil soup
dessert with mascarpone for kids → Tiramisu
signing packages for the release → Gatehouse release
leaking roof of the shed → Garden shed
when does the plumber come → Kitchen renovation
ancestors who worked for the railways → Family tree
running long distances on Sunday → Marathon training
Spanish subjunctives → Learning Spanish
scanning old slides → Photo archive
renewal of the choir's domain → Website of the choir
seats on a train → Window seat
light or dark editor → Dark mode
miles or kilometers → Metric units
do I eat meat on Wednesday → Vegetarian on weekdays
may you call me at eight in the morning → No calls before nine
indenting source code → Tabs of two spaces
what milk in my coffee → Oat milk
spelling of colour → British spelling
where did we stay in Lisbon → Trip to Lisbon
dress code at Ana's wedding → Wedding of Ana
when was the cellar flooded → Flood in the cellar
singing the Requiem → Concert of the choir
next reunion of my school → School reunion
why did the database server fail → Server outage
moving from Cluj → Move to Iași
how did the burglars get in → Burglary next door
operations on my knee → Knee operation
evenings of the book club → Book club evening; Ben Carter
thyroid pills for the cat → Cats
veterinary clinic opening hours → Vet
rye bread → Bakery
how long can I borrow library books → Library
when are swimming lanes free → Swimming pool
water tap at the allotment → Allotment
recycling batteries and paints → Recycling centre
left-handed screws → Hardware shop
cheap parking at the airport → Airport parking
renting climbing shoes → Climbing hall
which version of Postgres runs in production → Postgres
nodes of the cluster → Kubernetes cluster
automation of blinds and lighting → Home assistant
sharing passwords in the family → Password manager
where is the copy of the backups → Backup disk
renewal of mail certificates → Mail server
paper jam in the printer → Printer
beeping inverter → Solar panels
anemometer of the weather station → Weather station
commit message style → Git conventions
what was my blood pressure → Blood pressure
allergy to birch pollen → Hay fever
strength of my glasses → Glasses
waking up at night when I have stress → Sleep
what triggers migraines → Migraine
monthly saving in a fund → Savings plan
interest rate of the mortgage → Mortgage
changing the electricity contract → Electricity supplier
who shares the streaming subscriptions → Streaming subscription; Ben Carter
donating every month → Donation
cine predă matematica → Doamna Vasilescu
revizia centralei → Centrala termică; Boiler
până când e deschisă gradinita → Grădinița
cozonac cu nuci → Rețetă de cozonac
plata facturii la gaze → Factura de gaz
abonamentul de metrou pentru elev → Abonament la metrou
excursii la cabana → Excursie la munte
control oftalmologic la clinică → Control la ochi`

const joined = `
Ana Popescu | Wedding of Ana | celebrates
Ben Carter | Book club evening | runs
Ben Carter | Streaming subscription | shares
Grandma Ileana | Recipe for sarmale | taught
Home insurance | Flood in the cellar | paid for
Health insurance | Dr. Meyer | pays
Julia Weiss | Knee operation | treats
Cats | Vet | go to
Rental contract | Igor Petrov | with
Choir website | Website of the choir | is
Server outage | Postgres | of
Boiler | Centrala termică | is`

const lines = (text: string) => text.trim().split('\n')

export const retrievalSet = {
  concepts: lines(remembered).map((line) => {
    const [name = '', type = '', text = ''] = line.split(' | ')
    return { name, entityType: type, observations: text.split('; ') }
  }),
  relations: lines(joined).map((line) => {
    const [from = '', to = '', relationType = ''] = line.split(' | ')
    return { from, to, relationType }
  }),
  questions: lines(asked).map((line) => {
    const [text = '', answers = ''] = line.split(' → ')
    return { text, answers: answers.split('; ') }
  }),
}
