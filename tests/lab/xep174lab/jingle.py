# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a raw peer says of a file (XEP-0234), and why it ends it: not always what a person should see."""
import re
import unicodedata

# It turns the text around, begins a terminal's sequence, ends the line, is markup, and does not end.
EVIL = '\u202e\u2066\x9b31m\x7f\n\u2028&lt;b>no&lt;/b> ' + 'no ' * 20000
# As much as one reads, and what our own words before it take.
_MOST = 600
_S5B = 'urn:xmpp:jingle:transports:s5b:1'


def is_safe(text):
    """Whether that is one line of a length that one reads, which does nothing to those around it."""
    return len(text) <= _MOST and not any(unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp') for c in text)


def _iq(sender, to, number, inside):
    return f"<iq from='{sender.name}' to='{to.name}' type='set' id='{number}'>{inside}</iq>".encode()


def offer(sender, to, sid, name):
    """Three octets, which nobody can fetch."""
    return _iq(sender, to, f'offer-{sid}',
               f"<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='{sid}'>"
               "<content creator='initiator' name='f'>"
               f"<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>{name}</name>"
               f"<size>3</size></file></description><transport xmlns='{_S5B}' sid='w'/></content></jingle>")


def terminate(stream, to, sid):
    """A cancel, with the reason in words (XEP-0166 §7.4), which may stand first."""
    return _iq(stream.peer, to, f'end-{sid}',
               f"<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='{sid}'>"
               f'<reason><text>{EVIL}</text><cancel/></reason></jingle>')


def refuse(stream, to, sid):
    """Refuses what accepts the offer, and says why (RFC 6120 §8.3.2)."""
    asked = stream.expect(f"action='session-accept' sid='{sid}'".encode())
    number = re.findall(b"<iq[^>]* id='([^']*)'", asked)[-1].decode()
    return (f"<iq from='{stream.peer.name}' to='{to.name}' type='error' id='{number}'><error type='cancel'>"
            "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            f"<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>{EVIL}</text></error></iq>").encode()
