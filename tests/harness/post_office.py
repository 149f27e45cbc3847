"""A mail server for tests: keeps every mail as a JSON line, in the order they came.

post_office.py PORT FILE [CERTIFICATE KEY]: with a certificate, nothing is taken before STARTTLS.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, path):
        self.path = path

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("refused@"):
            return "550 no such mailbox <%s>" % address
        if address.startswith("later@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        line = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "subject": str(mail["subject"]),
            "text": mail.get_content(),
        }
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return "250 kept"


async def main(port, path, *tls):
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)

    def session():
        return SMTP(Keeper(path), hostname="localhost", tls_context=context, require_starttls=bool(tls))

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", int(port))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
