# SPDX-License-Identifier: LGPL-2.1-or-later
"""What other people's programs say of our encryption: openssl, gnutls, testssl, sslscan, Python's ssl."""
import json
import re
import shutil
import ssl

from xep174lab import FEATURES, LabTest, header, main, tls
from xep174lab.inside import bail_out

TOOLS = {'openssl': 'openssl', 'gnutls-cli': 'gnutls-bin', 'gnutls-serv': 'gnutls-bin',
         'testssl': 'testssl.sh', 'sslscan': 'sslscan'}
# As OpenSSL writes it, 3.0 with spaces.
SUBJECT = 'CN ?= ?xep174'


class Judges(LabTest):
    """juliet is ours; whoever judges her is on padua."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.padua = lab.add('padua')

    def setUp(self):
        super().setUp()
        self.juliet = self.chat(self.capulet, 'juliet')

    def own_pem(self):
        return f'{self.capulet.data_of("juliet")["XEP174_DATA_DIR"]}/identity.pem'

    def judge(self, *command):
        judge = tls.Judge(self.padua, *command)
        self.addCleanup(judge.kill)
        return judge

    def there(self):
        return f'{self.capulet.ipv4[0]}:{self.juliet.port}'


class Called(Judges):
    """They call."""

    def s_client(self, *more):
        return self.judge('openssl', 's_client', '-starttls', 'xmpp', '-xmpphost', 'juliet@capulet',
                          '-connect', self.there(), *more)

    def gnutls_cli(self, *more):
        return self.judge('gnutls-cli', '--starttls-proto=xmpp', '--insecure', *more,
                          '-p', str(self.juliet.port), self.capulet.ipv4[0])

    def is_heard(self, judge, romeo, key, to):
        """Inside TLS it says who it is, and speaks.  In the clear it had said only whom it calls."""
        judge.write(header(romeo.name, to).decode())
        judge.expect(f"to='{romeo.name}'")
        judge.expect('<stream:features')
        judge.write(romeo.message(self.juliet, 'by another program').decode())
        self.juliet.hear(romeo, 'by another program')
        self.juliet.expect('session-opened', contact=romeo.name, encrypted=True, trust='seen')
        self.juliet.expect('key-seen', contact=romeo.name, new=key.fingerprint)
        self.juliet.tell(romeo, 'with an answer')
        judge.expect('with an answer')

    def romeo(self, user='romeo'):
        romeo = self.peer(self.padua, self.fresh(user))
        self.juliet.meet(romeo)
        return romeo

    def test_openssl_without_a_certificate_T1_T10(self):
        """T1 T10: s_client finds TLS 1.3 and our one Ed25519 key; without a key it is told why not."""
        romeo = self.romeo()
        judge = self.s_client()
        judge.expect('Verify return code: 18 (self-signed certificate)')
        for text in ('New, TLSv1.3, Cipher is TLS_', 'a:PKEY: ED25519, 256 (bit)',
                     'Peer signature type: ed25519', 'Early data was not sent', 'No ALPN negotiated'):
            self.assertIn(text, judge.output)
        self.assertRegex(judge.output, ' 0 s:' + SUBJECT)
        # OpenSSL 3.0 has the first words for it, later ones the second.
        self.assertRegex(judge.output, 'Renegotiation IS NOT supported|forbids renegotiation')
        self.assertNotIn(' 1 s:', judge.output)         # no chain
        judge.write(header(None, 'juliet@capulet').decode())
        judge.expect("<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")
        judge.expect('</stream:stream>')
        self.assertNotIn('New Session Ticket arrived', judge.output)
        self.juliet.forbid('session-opened')

    def test_openssl_with_a_certificate_T4_T10(self):
        """T1 T4 T10: s_client with a key of another kind speaks and is answered."""
        romeo, key = self.romeo(), tls.Key(self.padua, kind='p256')
        judge = self.s_client('-cert', key.pem, '-key', key.pem)
        judge.expect('New, TLSv1.3, Cipher is ')
        self.is_heard(judge, romeo, key, 'juliet@capulet')

    def test_gnutls_without_a_certificate_T1_T10(self):
        """T1 T10: gnutls-cli hangs unless header and features come at once; it hears why not."""
        romeo = self.romeo()
        judge = self.gnutls_cli()
        judge.expect('- Handshake was completed')
        self.assertRegex(judge.output, r'Description: \(TLS1\.3-X\.509\)-\(.*\)-'
                         r'\(EdDSA-Ed25519\)-\((AES-256-GCM|AES-128-GCM|CHACHA20-POLY1305)\)')
        self.assertIn('Got a certificate list of 1 certificates', judge.output)
        self.assertIn('EdDSA (Ed25519) key 256 bits', judge.output)
        self.assertIn('Server has requested a certificate', judge.output)
        judge.write(header(romeo.name, self.capulet.ipv4[0]).decode())
        judge.expect('<not-authorized ')
        self.juliet.forbid('session-opened')

    def test_gnutls_with_a_certificate_T4_T10(self):
        """T1 T4 T10: gnutls-cli with an RSA key speaks and is answered."""
        romeo, key = self.romeo(), tls.Key(self.padua, kind='rsa2048')
        judge = self.gnutls_cli(f'--x509certfile={key.pem}', f'--x509keyfile={key.pem}')
        judge.expect('Successfully sent 1 certificate(s) to server')
        judge.expect('- Handshake was completed')
        self.is_heard(judge, romeo, key, self.capulet.ipv4[0])

    def test_sslscan_T11(self):
        """T11: sslscan finds TLS 1.3 alone, no weak group, no renegotiation, one key."""
        report = self.judge('sslscan', '--no-colour', '--starttls-xmpp', '--show-certificate',
                            '--show-sigs', self.there()).report()
        state = dict(re.findall(r'^(SSLv\d|TLSv1\.\d) +(enabled|disabled)$', report, re.M))
        self.assertEqual(state, {**dict.fromkeys(
            ('SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2'), 'disabled'), 'TLSv1.3': 'enabled'})
        self.assertIn('Session renegotiation not supported', report)
        self.assertIn('not vulnerable to heartbleed', report)
        ciphers = re.findall(r'^(?:Preferred|Accepted) +(\S+) +(\d+) bits +(\S+)', report, re.M)
        self.assertGreaterEqual(len(ciphers), 3)
        for protocol, bits, cipher in ciphers:
            self.assertEqual(protocol, 'TLSv1.3')
            self.assertGreaterEqual(int(bits), 128)
            self.assertRegex(cipher, '^TLS_(AES|CHACHA20)_')
        self.assertEqual(re.findall(r'Signature Algorithm\(s\):\n(.*)\n\n', report),
                         ['TLSv1.3  ed25519'])
        self.assertIn('Signature Algorithm: ED25519', report)
        self.assertIn('Subject:  xep174', report)

    def test_testssl_T1_T11(self):
        """T1 T11: testssl, which reads once, finds TLS 1.3 alone and none of the known holes."""
        file = f'{self.padua.directory}/testssl.json'
        self.judge('testssl', '--starttls', 'xmpp', '--xmpphost', 'juliet@capulet', '--quiet',
                   '--color', '0', '--warnings', 'off', '-n', 'none', '--jsonfile', file,
                   '-p', '-H', '-I', '-R', '-C', '-BB', '-D', self.there()).report(timeout=300)
        with open(file, encoding='utf-8') as lines:
            found = {entry['id']: entry for entry in json.load(lines)}
        for old in ('SSLv2', 'SSLv3', 'TLS1', 'TLS1_1', 'TLS1_2'):
            self.assertEqual(found[old]['finding'], 'not offered', old)
        self.assertEqual(found['TLS1_3']['finding'], 'offered with final')
        for hole in ('heartbleed', 'CCS', 'secure_renego', 'secure_client_renego', 'CRIME_TLS',
                     'ROBOT', 'DROWN'):
            self.assertEqual(found[hole]['severity'], 'OK', found[hole])
        # The one thing that it warns of is its own openssl.
        self.assertEqual([name for name, entry in found.items()
                          if entry['severity'] not in ('OK', 'INFO', 'DEBUG')
                          and name != 'engine_problem'], [])

    def test_python_T11(self):
        """T11: Python's ssl speaks with a key of every usual kind; TLS 1.2 gets an alert."""
        for kind in ('ed25519', 'p256', 'p384', 'rsa2048'):
            romeo, key = self.romeo(kind), tls.Key(self.padua, kind=kind)
            stream = tls.call(romeo, self.juliet, key)
            self.assertEqual(stream.socket.version(), 'TLSv1.3')
            self.assertRegex(stream.socket.cipher()[0], '^TLS_(AES|CHACHA20)_')
            self.assertIsNone(stream.socket.compression())
            stream.send(romeo.message(self.juliet, kind))
            self.juliet.hear(romeo, kind)
            self.juliet.expect('key-seen', contact=romeo.name, new=key.fingerprint)
        old = tls.as_client(key)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        # Which of the two it says is GnuTLS's choice.
        with self.assertRaisesRegex(ssl.SSLError, 'ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION)'):
            tls.begin(tls.ask(romeo, self.juliet), old)


class Calling(Judges):
    """We call: whoever is called plays the XMPP part and has the rest done by a judge."""

    def setUp(self):
        super().setUp()
        self.romeo = self.peer(self.padua, self.fresh('romeo'))
        self.juliet.meet(self.romeo)
        self.number = self.juliet.say(self.romeo, 'wherefore art thou?')

    def spliced(self, judge, port):
        stream = tls.offer(self.romeo, self.juliet)
        tls.splice(stream.socket, tls.connect(self.padua, self.padua.ipv4[0], port))
        return judge

    def opens(self, judge):
        """Inside TLS she says who she is, and waits for the features before she speaks."""
        judge.expect(f"from='{self.juliet.name}' to='{self.romeo.name}'")
        judge.write((header(self.romeo.name, self.juliet.name) + FEATURES).decode())
        judge.expect('wherefore art thou?')
        self.juliet.expect('sent', id=self.number)

    def test_openssl_T2_T3(self):
        """T2 T3: s_server sees TLS 1.3, our key, and only then our words."""
        key = tls.Key(self.padua, 'server', 'p384')
        judge = self.judge('openssl', 's_server', '-accept', '4433', '-cert', key.pem,
                           '-key', key.pem, '-verify', '1', '-naccept', '1')
        judge.expect('ACCEPT')
        self.spliced(judge, 4433)
        self.opens(judge)
        self.juliet.expect('session-opened', contact=self.romeo.name, encrypted=True, trust='seen')
        self.juliet.expect('key-seen', contact=self.romeo.name, new=key.fingerprint)
        for text in ('CIPHER is TLS_', 'Peer signature type: ed25519', 'Client certificate'):
            self.assertIn(text, judge.output)
        self.assertRegex(judge.output, 'subject=' + SUBJECT)

    def test_gnutls_T4(self):
        """T4: gnutls-serv sees TLS 1.3 and our key; its echo is not taken for the contact."""
        key = tls.Key(self.padua, 'server', 'rsa2048')
        judge = self.judge('gnutls-serv', '--echo', '-p', '4434', f'--x509certfile={key.pem}',
                           f'--x509keyfile={key.pem}', '--require-client-cert')
        judge.expect('listening on IPv4')
        self.spliced(judge, 4434)
        judge.expect('- Options:')
        for text in ('Version: TLS1.3', 'Cipher: AES-256-GCM', 'Client Signature: EdDSA-Ed25519',
                     'Server Signature: RSA-PSS-RSAE-SHA256', 'Curve:\tEd25519'):
            self.assertIn(text, judge.output)
        # So that key is nobody's yet: who shows another one is not somebody else.
        again = tls.answer(self.romeo, self.juliet, tls.Key(self.padua, 'second'))
        again.expect(b'wherefore art thou?')
        self.juliet.forbid('key-changed')

    def test_python_T2_T3_T10(self):
        """T2 T3 T10: Python's ssl knows our certificate; features in the clear end the wait for none."""
        key = tls.Key(self.padua, 'server')
        stream = tls.offer(self.romeo, self.juliet)
        tls.begin(stream, tls.as_server(key, known=self.own_pem()))
        self.assertEqual(stream.socket.version(), 'TLSv1.3')
        self.assertEqual(stream.socket.getpeercert()['subject'], ((('commonName', 'xep174'),),))
        stream.expect_header()
        # A client of TLS 1.3 is through before the server has looked at its certificate.
        stream.expect_silence(0.3)
        self.juliet.forbid('key-seen')
        stream.send(header(self.romeo.name, self.juliet.name) + FEATURES)
        stream.expect(b'wherefore art thou?')
        self.juliet.expect('key-seen', contact=self.romeo.name, new=key.fingerprint)
        stream.send(self.romeo.message(self.juliet, 'here'))
        self.juliet.hear(self.romeo, 'here')

    def test_python_of_old_T11(self):
        """T11: a server of TLS 1.2 is not spoken to, and nothing leaves in the clear instead."""
        context = tls.as_server(tls.Key(self.padua, 'server', 'p256'))
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
        stream = tls.offer(self.romeo, self.juliet)
        with self.assertRaisesRegex(ssl.SSLError, 'UNSUPPORTED_PROTOCOL'):
            tls.begin(stream, context)
        again = tls.answer(self.romeo, self.juliet, tls.Key(self.padua, 'server'))
        again.expect(b'wherefore art thou?')
        self.assertNotIn(b'wherefore', stream.received)


class Libpurple(LabTest):
    """Nothing that libpurple knows of: it goes on as before, and we say that it is not encrypted."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def test_libpurple_T1_T5(self):
        """T1 T5: libpurple ignores the offer; both speak in the clear, whoever begins."""
        for begins in 0, 1:
            romeo = self.purple(self.montague, f'romeo{begins}')
            juliet = self.chat(self.capulet, f'juliet{begins}', romeo)
            if begins:
                juliet.tell(romeo, 'first')
                romeo.hear(juliet, 'first')
            romeo.say(juliet, 'second')
            juliet.hear(romeo, 'second')
            juliet.expect('session-opened', contact=romeo.name, encrypted=False, trust='unknown')
            juliet.tell(romeo, 'third')
            romeo.hear(juliet, 'third')
            juliet.forbid('key-seen')
        capture = self.capture(self.capulet)
        strict = self.chat(self.capulet, 'strict', romeo, arguments=('--encryption', 'require'))
        number = strict.say(romeo, 'secret')
        self.assertIn('encrypt', strict.expect('failed', id=number)['reason'])
        self.assertFalse(any(b'secret' in each.to_server.octets for each in capture.snapshot()))


if __name__ == '__main__':
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if missing:
        bail_out('these judges are not installed: ' + ', '.join(missing))
    main()
