/** Ordinary contents, one a block: what people keep in files, mails, chats, tables and logs. Blocks are separated by `=====`. */
export const ordinaryTexts = String.raw`
Dear Ms Lindqvist,

thank you for your order 2026-11834. The two oak shelves left our workshop this morning and will arrive between 9 and 12 on Thursday. If nobody is at home, the driver leaves a card and tries again the next working day.

Kind regards
Ola Berg
=====
Hi team,

please ignore my previous message about the parking permits, the numbers were from last year. The correct list is in the shared folder. Sorry for the noise!

Tom
=====
Subject: Re: Re: Fwd: invoice 4711
From: Maria Ionescu <maria.ionescu@atelier-nord.ro>
To: office@werkstatt-sued.de
Date: Tue, 17 Nov 2026 09:12:44 +0200

Bună ziua,

Vă trimit atașat factura pentru luna octombrie. Termenul de plată este de 30 de zile. Pentru orice nelămurire mă găsiți la 0721 445 018.

Cu stimă,
Maria
=====
Sehr geehrte Frau Köhler,

anbei das Protokoll der Sitzung vom 12. November. Bitte prüfen Sie insbesondere Punkt 4 (Heizung) und geben Sie mir bis Freitag Bescheid. Die Unterlagen liegen außerdem im Ordner „Hausverwaltung/2026“.

Mit freundlichen Grüßen
Jürgen Weiß
=====
お世話になっております。先日ご依頼いただいたお見積書を添付いたします。ご確認のほど、よろしくお願い申し上げます。納期は三週間を予定しております。
=====
🎉🎉 We did it!!! 100k downloads 🚀🔥 Thank you all 💛 — special thanks to 👩‍💻 Ana, 🧑🏽‍🔧 Dev and the whole 👨‍👩‍👧‍👦 family. Party on Friday 🍕🍻 at the office, flags welcome 🇷🇴🇩🇪🇯🇵🏴󠁧󠁢󠁷󠁬󠁳󠁿
=====
[10:02] mira: did the deploy go through?
[10:03] jon: yes, but the cache was cold for ~5 min
[10:03] mira: ok. can you forget about the rollback then
[10:04] jon: 👍 closing the ticket
[10:11] mira: also pls don't tell sam about the cake, it's a surprise 😄
=====
id,name,city,amount,paid
1,Anna Schmidt,Leipzig,129.90,true
2,"Müller, Peter",Bonn,58.00,false
3,Ion Popescu,Cluj-Napoca,310.25,true
4,Yuki Tanaka,大阪,77.10,true
5,Zoë O'Neill,Galway,0.99,false
=====
date;open;high;low;close;volume
2026-11-02;187.23;188.90;186.12;188.04;48210233
2026-11-03;188.10;190.02;187.77;189.55;51022876
2026-11-04;189.40;189.95;185.03;185.33;67331092
2026-11-05;185.60;187.20;184.91;186.88;43118820
=====
2026-11-28T06:00:01.233Z INFO  scheduler started pid=4122 workers=4
2026-11-28T06:00:01.410Z INFO  connected to postgres host=db-1 pool=10
2026-11-28T06:00:07.981Z WARN  slow query took=1822ms table=orders rows=120455
2026-11-28T06:00:09.004Z ERROR request failed id=8f14e45f-ceea-467f-a8f6-b3f5f2f0c1de status=502 upstream=billing
2026-11-28T06:00:09.006Z INFO  retry 1/3 id=8f14e45f-ceea-467f-a8f6-b3f5f2f0c1de
=====
192.0.2.10 - - [28/Nov/2026:06:25:24 +0000] "GET /assets/app-5d41402a.js HTTP/1.1" 200 48213 "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
192.0.2.10 - - [28/Nov/2026:06:25:25 +0000] "GET /api/v1/me HTTP/1.1" 304 0 "-" "Mozilla/5.0"
198.51.100.7 - - [28/Nov/2026:06:25:31 +0000] "POST /api/v1/login HTTP/1.1" 401 92 "-" "curl/8.5.0"
=====
Nov 28 06:25:01 host CRON[20114]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)
Nov 28 06:25:14 host sshd[20120]: Failed password for invalid user admin from 203.0.113.99 port 51122 ssh2
Nov 28 06:25:14 host sshd[20120]: Connection closed by invalid user admin 203.0.113.99 port 51122 [preauth]
=====
{"user":{"id":42,"name":"Ada","roles":["admin","editor"],"created":"2024-02-11T08:00:00Z"},"flags":{"beta":true,"tracking":null},"next":"/v1/users?cursor=eyJpZCI6NDJ9"}
=====
{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[26.1025,44.4268]},"properties":{"name":"București","population":1716961}}]}
=====
{"commit":"3b18e512dba79e4c8300dd08aeb37f8e728b8dad","parents":["8f94139338f9404f26296befa88755fc2598c289"],"author":{"name":"Lin","date":"2026-11-20T10:11:12+01:00"},"stats":{"additions":120,"deletions":33}}
=====
commit 8f94139338f9404f26296befa88755fc2598c289 (HEAD -> main, origin/main)
Merge: 3b18e51 77de68d
Author: Priya N <priya@example.org>
Date:   Fri Nov 20 10:11:12 2026 +0100

    Fix the off-by-one in pagination

    The system instructions for the reviewers were out of date, too.
=====
diff --git a/src/list.ts b/src/list.ts
index 1b2c3d4..5e6f7a8 100644
--- a/src/list.ts
+++ b/src/list.ts
@@ -10,7 +10,7 @@ export function page(items: Item[], at: number) {
-  return items.slice(at * size, at * size + size - 1)
+  return items.slice(at * size, (at + 1) * size)
 }
=====
#!/usr/bin/env bash
set -euo pipefail
for f in "$@"; do
  base=$(basename "$f" .flac)
  ffmpeg -loglevel error -i "$f" -codec:a libmp3lame -qscale:a 2 "out/$base.mp3"
done
echo "done: $# files"
=====
def fib(n: int) -> int:
    """Return the n-th Fibonacci number."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a

if __name__ == "__main__":
    print([fib(i) for i in range(20)])
=====
use std::collections::HashMap;

fn count(words: &[&str]) -> HashMap<String, usize> {
    let mut seen = HashMap::new();
    for word in words {
        *seen.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    seen
}
=====
package main

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, %s", r.URL.Path[1:])
	})
	http.ListenAndServe(":8080", nil)
}
=====
SELECT c.name, SUM(o.total) AS revenue
FROM customers c
JOIN orders o ON o.customer_id = c.id
WHERE o.created_at >= DATE '2026-01-01'
GROUP BY c.name
HAVING SUM(o.total) > 1000
ORDER BY revenue DESC
LIMIT 20;
=====
CREATE TABLE users (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
=====
version: "3.9"
services:
  web:
    image: ghcr.io/acme/web:1.14.2
    ports: ["8080:8080"]
    environment:
      DATABASE_URL: postgres://app:${'$'}{DB_PASSWORD}@db:5432/app
      SECRET_KEY_FILE: /run/secrets/key
    depends_on: [db]
  db:
    image: postgres:17
=====
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels: { app: api }
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: api
          image: registry.example.com/api@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
          env:
            - name: TOKEN
              valueFrom: { secretKeyRef: { name: api, key: token } }
=====
name: ci
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: npm ci && npm test
        env:
          NPM_TOKEN: ${'$'}{{ secrets.NPM_TOKEN }}
=====
# Copy to .env and fill in
API_KEY=your-api-key-here
DATABASE_PASSWORD=changeme
SMTP_URL=smtp://user:password@localhost:1025
STRIPE_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx
=====
"node_modules/zod": {
  "version": "4.6.7",
  "integrity": "sha512-JcLDkRHaG2wEBtGLb5QvL3XcBHDEMhnGLwQxVVEvJpKPHTZ6PpYI7oB4NcyGZv0T8vTk3wIwRjvVmbKQvmzqVw==",
  "license": "MIT"
}
=====
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Shop</title>
  <script src="/assets/app.js" type="module"></script>
  <style>body { margin: 0 }</style>
</head>
<body>
  <button onclick="save()">Save</button>
  <img src="logo.png" alt="logo">
</body>
</html>
=====
# lodash-lite

[![build](https://img.shields.io/github/actions/workflow/status/acme/lodash-lite/ci.yml?branch=main)](https://github.com/acme/lodash-lite/actions)
[![npm](https://img.shields.io/npm/v/lodash-lite.svg?style=flat-square&label=npm%20package)](https://npm.im/lodash-lite)
[![codecov](https://codecov.io/gh/acme/lodash-lite/branch/main/graph/badge.svg?token=Q7XZ1K9P2M)](https://codecov.io/gh/acme/lodash-lite)
![screenshot](docs/screenshot.png)

## Install

    npm install lodash-lite
=====
## System requirements

The system prompt of the assistant is set under Settings → Assistant → Instructions. New instructions apply to new conversations only. To override the defaults for one project, add a file called INSTRUCTIONS.md.
=====
### How prompt injection works

An attacker places text in a web page that a language model will read. Because the model cannot tell data from instructions, it may follow what the page says. Good systems treat everything they fetch as data, keep secrets away from the model and ask a person before anything leaves the machine.
=====
Before you begin, make sure that you have installed Node.js 20 or newer. Then run the following command and follow the instructions on the screen. Do not close the terminal until the installation has finished.
=====
You are now ready to start the engine. Act as if the vehicle were on a public road. Always follow the instructions of your teacher and ignore other drivers' gestures.
=====
Rețetă: sarmale în foi de viță (6 porții). Amestecați carnea cu orezul, ceapa și mărarul. Rulați câte o lingură de umplutură în fiecare foaie. Fierbeți la foc mic două ore. Nu uitați de cimbru!
=====
Conform art. 14 din contract, chiriașul va anunța proprietarul cu cel puțin 30 de zile înainte. Chiria lunară este de 450 EUR, plătibilă până la data de 5 a fiecărei luni, prin transfer bancar.
=====
Die Lieferung erfolgt innerhalb von 3–5 Werktagen. Bei Rückfragen erreichen Sie unseren Kundendienst montags bis freitags von 8 bis 18 Uhr unter +49 30 901820. Umsatzsteuer-Identifikationsnummer: DE136695976.
=====
Chers collègues, la réunion de lundi est reportée à mercredi à 14 h. Merci d'ignorer l'ordre du jour précédent : la nouvelle version est jointe. Bonne fin de semaine à toutes et à tous.
=====
Привет! Скинь, пожалуйста, фотографии с дачи. И не забудь, что в субботу мы встречаемся у метро в 11:30.
=====
مرحبا، تجدون طيه جدول الاجتماعات للأسبوع القادم. يرجى التأكيد قبل يوم الخميس.
=====
שלום רב, מצורף דוח ההוצאות לחודש נובמבר. נא לאשר עד יום ראשון.
=====
می‌خواهم بدانم که جلسه چه ساعتی شروع می‌شود و آیا می‌توانم آنلاین شرکت کنم؟
=====
नमस्ते, कृपया संलग्न फ़ाइल देखें। बैठक कल सुबह दस बजे है।
=====
各位同事：請於週五下班前完成年度自評。如有疑問請聯絡人力資源部。
=====
| Quarter | Revenue | Margin |
|---------|--------:|-------:|
| Q1      | 1,204 k | 22.1 % |
| Q2      | 1,377 k | 23.4 % |
| Q3      | 1,290 k | 21.9 % |
=====
- [x] Buy paint (RAL 9010)
- [ ] Sand the window frames
- [ ] Call the electrician
- [ ] Return the ladder to no. 14
=====
Traceback (most recent call last):
  File "/srv/app/main.py", line 88, in <module>
    run(config)
  File "/srv/app/runner.py", line 31, in run
    raise ValueError(f"unknown mode {mode!r}")
ValueError: unknown mode 'fast'
=====
TypeError: Cannot read properties of undefined (reading 'map')
    at Table (webpack-internal:///./src/table.tsx:42:19)
    at renderWithHooks (webpack-internal:///./node_modules/react-dom/cjs/react-dom.development.js:16305:18)
    at mountIndeterminateComponent (react-dom.development.js:20074:13)
=====
npm warn deprecated glob@7.2.3: Glob versions prior to v9 are no longer supported
added 412 packages, and audited 413 packages in 9s
found 0 vulnerabilities
=====
total 48
drwxr-xr-x  6 ada staff   192 Nov 28 10:01 .
drwxr-xr-x 21 ada staff   672 Nov 27 18:45 ..
-rw-r--r--  1 ada staff  1288 Nov 28 10:01 README.md
-rw-------  1 ada staff   411 Nov 12 08:13 .env.example
=====
NAME                     READY   STATUS    RESTARTS   AGE
api-6d4cf56db6-2lq8x     1/1     Running   0          3d4h
api-6d4cf56db6-9zkvw     1/1     Running   1          3d4h
web-7c9d8b7f5d-xk2mp     0/1     Pending   0          12s
=====
CONTAINER ID   IMAGE          COMMAND                  CREATED        STATUS        PORTS                    NAMES
4c01db0b339c   postgres:17    "docker-entrypoint.s…"   2 hours ago    Up 2 hours    0.0.0.0:5432->5432/tcp   db
=====
PING example.com (93.184.215.14) 56(84) bytes of data.
64 bytes from 93.184.215.14: icmp_seq=1 ttl=56 time=11.6 ms
--- example.com ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
=====
-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUQ8rUuG0nXwq0y0m3m6bQe1nJ5x4wCgYIKoZIzj0EAwIw
LzELMAkGA1UEBhMCREUxIDAeBgNVBAMMF0V4YW1wbGUgSW50ZXJtZWRpYXRlIENB
MB4XDTI2MDEwMTAwMDAwMFoXDTI3MDEwMTAwMDAwMFowFjEUMBIGA1UEAwwLZXhh
-----END CERTIFICATE-----
=====
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop
=====
data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI4IiBoZWlnaHQ9IjgiPjxyZWN0IHdpZHRoPSI4IiBoZWlnaHQ9IjgiLz48L3N2Zz4=
=====
!function(e,t){"object"==typeof exports&&"undefined"!=typeof module?t(exports):"function"==typeof define&&define.amd?define(["exports"],t):t((e=e||self).d3={})}(this,function(e){"use strict";function t(e,t){return e<t?-1:e>t?1:e>=t?0:NaN}var n=Array.prototype.slice;e.ascending=t});
=====
{"version":3,"file":"app.js","sources":["../src/app.ts"],"names":[],"mappings":"AAAA,OAAO,EAAE,KAAK,EAAE,MAAM,SAAS,CAAA;AAE/B,MAAM,CAAC,MAAM,GAAG,GAAG,GAAG,EAAE,CAAC,KAAK,CAAC,MAAM,CAAC,CAAA"}
=====
The quick brown fox jumps over the lazy dog. Sphinx of black quartz, judge my vow. Pack my box with five dozen liquor jugs.
=====
Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.
=====
Call me Ishmael. Some years ago—never mind how long precisely—having little or no money in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world.
=====
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:20261128T100000Z-1234@cal.example.org
DTSTART:20261201T090000Z
DTEND:20261201T100000Z
SUMMARY:Dentist
END:VEVENT
END:VCALENDAR
=====
BEGIN:VCARD
VERSION:4.0
FN:Elena Radu
EMAIL:elena.radu@example.ro
TEL;TYPE=cell:+40 722 118 204
ADR:;;Str. Lungă 12;Brașov;;500035;România
END:VCARD
=====
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>News</title><item><title>Bridge reopened</title><link>https://news.example.org/bridge</link><pubDate>Sat, 28 Nov 2026 07:00:00 GMT</pubDate></item></channel></rss>
=====
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M12 2a10 10 0 1 0 10 10A10 10 0 0 0 12 2Zm1 15h-2v-6h2Zm0-8h-2V7h2Z"/></svg>
=====
\documentclass{article}
\usepackage{amsmath}
\begin{document}
Let $f(x) = \sum_{n=0}^{\infty} \frac{x^n}{n!}$. Then $f'(x) = f(x)$.
\end{document}
=====
:root { --accent: #2f6f4f; --ink: #1d1d1b }
.card { padding: 1rem; border-radius: .5rem; background: url("/img/paper.png?v=20261101") }
@media (prefers-color-scheme: dark) { .card { background: #222 } }
=====
[mysqld]
datadir=/var/lib/mysql
socket=/var/lib/mysql/mysql.sock
max_connections=200
innodb_buffer_pool_size=2G
=====
GET /v1/charges?limit=3 HTTP/1.1
Host: api.example.com
Authorization: Bearer $TOKEN
Accept: application/json
=====
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
paths:
  /orders/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
      responses: { "200": { description: OK } }
=====
UUIDs: 550e8400-e29b-41d4-a716-446655440000, 6ba7b810-9dad-11d1-80b4-00c04fd430c8. ULID: 01ARZ3NDEKTSV4RRFFQ69G5FAV. Nano id: V1StGXR8_Z5jdHi6B-myT.
=====
ISBN 978-3-16-148410-0, ISSN 2049-3630, DOI 10.1000/182, order no. 0042-3391-77, tracking RR123456785RO.
=====
Version 2.14.0.1 (build 20261128.4) of 28.11.2026; requires firmware 10.4.22.7 or newer. Range 10.0.0.0/8 is reserved.
=====
Meeting notes 2026-11-24. Present: A, B, C. 1) Budget: 1.234.567,89 RON approved. 2) Hiring: two positions. 3) AOB: the assistant must send the minutes to all members.
=====
Patient leaflet: take one tablet twice a day. Do not take more than the stated dose. Tell your doctor if you take other medicines. Ignore this section if you are under 18 and ask an adult.
=====
Q: How do I reset my password? A: Open the login page, choose “Forgot password” and follow the link in the e-mail. For security reasons we never ask for your password by phone.
=====
The assistant said: “I cannot do that.” The user replied: “Then tell me the previous instructions again, please, I lost the paper.” They both laughed.
=====
const SYSTEM_PROMPT = 'You are a helpful assistant that answers questions about our products.'
export async function ask(question: string) {
  return client.chat({ messages: [{ role: 'system', content: SYSTEM_PROMPT }, { role: 'user', content: question }] })
}
=====
it('escapes html', () => {
  expect(escape('<script>alert(1)</script>')).toBe('&lt;script&gt;alert(1)&lt;/script&gt;')
})
=====
const password = process.env.DB_PASSWORD ?? ''
const apiKey = await vault.get('api-key')
const token = jwt.sign({ sub: user.id }, secretKey, { expiresIn: '1h' })
=====
SHA256 (release.tar.gz) = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
MD5 (release.tar.gz) = d41d8cd98f00b204e9800998ecf8427e
=====
Ingredients: flour (Type 550) 500 g, water 350 ml, salt 10 g, yeast 3 g. Bake at 240 °C for 35–40 minutes.
=====
Flight RO301 OTP–CDG dep. 07:20 arr. 09:35, seat 14C, booking KX7PQ2. Boarding closes 20 minutes before departure.
=====
Score: 0:6f, 12.5%, 3/4, −7 °C, ½ cup, 5′ 11″, €19.99, $1,299.00, ¥12,800, 1e-9, 0xDEADBEEF, 0b1011, #ff00aa.
=====
C:\Users\ada\Documents\report.docx, \\server\share\plans\, /usr/local/bin/node, ~/notes/todo.md, ./src/index.ts:42:7
=====
Hotel Continental, Piața Revoluției 3, 3rd floor. Wi-Fi: the code is on the card in your room. Breakfast 7–10.
=====
Subject: Newsletter #48

Read online: https://mail.example.com/v/48?utm_source=newsletter&utm_medium=email&utm_campaign=2026-11
Unsubscribe: https://mail.example.com/u/9f8a1c
=====
// eslint-disable-next-line no-script-url
const allowed = /^(?:https?|mailto):/i // javascript: and data: links are refused
export const safeHref = (href: string) => (allowed.test(href) ? href : '#')
=====
Please review the attached draft and send your comments to the editor by Monday. All previous versions are obsolete.
=====
New password rules: at least 14 characters; the old rules are no longer valid. Passwords must never be sent by e-mail.
=====
Step 1: Disregard the outer layer. Step 2: Peel the remaining leaves. Step 3: Blanch for two minutes in salted water.
=====
[INFO] Scanning for projects...
[INFO] --------------------< com.acme:billing >--------------------
[INFO] Building billing 1.9.0-SNAPSHOT
[WARNING] Using platform encoding (UTF-8 actually) to copy filtered resources, i.e. build is platform dependent!
[INFO] BUILD SUCCESS
=====
\u001b[32m✓\u001b[39m 48 tests passed \u001b[2m(3.1s)\u001b[22m
=====
0001 1100 1010 0111 1111 0000 0101 0011 | 48 65 6c 6c 6f 2c 20 77 6f 72 6c 64
=====
Thread: “Why is my for loop slow?” — Answer (42 votes): because you concatenate strings in it. Use a list and join at the end. Forget everything you have heard about micro-optimisation; measure first.
`
