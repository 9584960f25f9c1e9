# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files that are offered by their address (XEP-0066), as Adium and telepathy-salut do it, from host to host."""
import contextlib
import http.server
import os
import random
import re
import threading

from xep174lab import FOOTER, LabTest, Process, await_that, header, main
from xep174lab.chat import tool

MIB = 1 << 20
NOT_WANTED, MISSING = b'not-acceptable', b'item-not-found'


class _Handler(http.server.BaseHTTPRequestHandler):
    """Gives the file whole; or, if the server waits, its first half and then nothing."""
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers))
        if server.octets is None:
            self.send_error(404)
            return
        self.send_response(200)
        if server.chunked:
            self.send_header('Transfer-Encoding', 'chunked')
        self.send_header('Content-Length', str(len(server.octets)))
        self.end_headers()
        if server.chunked:
            for at in range(0, len(server.octets), 4096):
                part = server.octets[at:at + 4096]
                self.wfile.write(b'%x\r\n%s\r\n' % (len(part), part))
            self.wfile.write(b'0\r\n\r\n')
        else:
            self.wfile.write(server.octets[:len(server.octets) // 2 if server.waits else None])
        self.wfile.flush()
        if server.waits:
            server.stop.wait()
            self.close_connection = True

    def log_message(self, *arguments):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Who does not want the file closes in the middle."""


class Fetched(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    @contextlib.contextmanager
    def server(self, host, octets, chunked=False, waits=False):
        with host.network():
            server = _Server((host.ipv4[0], 0), _Handler)
        server.octets, server.chunked, server.waits = octets, chunked, waits
        server.stop, server.asked = threading.Event(), []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            server.shutdown()
            thread.join()
            server.server_close()

    def meet(self):
        """Without a version, so without anything that is younger than these programs."""
        raw = self.peer(self.montague, self.fresh('adium'))
        juliet = self.chat(self.capulet, self.fresh('juliet'))
        juliet.meet(raw)
        stream = raw.dial(juliet)
        stream.send(header(raw.name, juliet.name, version=None))
        stream.expect_header()
        return juliet, raw, stream

    def folder(self):
        path = f'{self.capulet.directory}/{self.fresh("in")}'
        os.makedirs(path)
        return path

    def offer(self, stream, juliet, url, size, kind='file'):
        number = self.fresh('oob')
        size = f" size='{size}'" if size is not None else ''
        stream.send((f"<iq from='{stream.peer.name}' to='{juliet.name}' type='set' id='{number}'>"
                     f"<query xmlns='jabber:iq:oob'><url type='{kind}'{size} mimeType='text/plain' "
                     f"posixflags='000001A4'>\n{url}</url><desc/></query></iq>").encode())
        return number

    def url(self, server, name='sonnet.txt'):
        return 'http://%s:%d/1f/' % server.server_address[:2] + name

    def answer(self, stream, number):
        """The whole iq that answers that one."""
        got = stream.expect(b'<iq ') + stream.expect(b'>')
        if not got.endswith(b'/>'):
            got += stream.expect(b'</iq>')
        self.assertRegex(got, rb'''id=['"]%s['"]''' % number.encode())
        return got

    def take(self, juliet, raw, folder, size, name='sonnet.txt'):
        transfer = juliet.expect('transfer-offered', contact=raw.name, name=name, size=size)['transfer']
        juliet.command('accept-transfer', transfer=transfer, folder=folder)
        return transfer

    def assert_nothing_left(self, folder):
        await_that('an empty folder', lambda: os.listdir(folder) == [])

    def test_sizes(self):
        """F20: nothing, one octet and 1 MiB, as it is and in chunks; one request each, nothing but the file."""
        juliet, raw, stream = self.meet()
        folder = self.folder()
        for size in 0, 1, MIB:
            for chunked in False, True:
                octets = random.Random(size).randbytes(size)
                with self.server(self.montague, octets, chunked) as server:
                    # telepathy-salut says no size of nothing.
                    number = self.offer(stream, juliet, self.url(server), size or None)
                    transfer = self.take(juliet, raw, folder, size)
                    path = juliet.expect('transfer-done', transfer=transfer, size=size)['path']
                    self.assertRegex(self.answer(stream, number), rb'''type=['"]result['"]''')
                    (asked, headers), = server.asked
                    self.assertEqual(asked, '/1f/sonnet.txt')
                    self.assertNotIn('AppleSingle', str(headers))
                with open(path, 'rb') as file:
                    self.assertEqual(file.read(), octets)
                os.remove(path)
        stream.send(raw.message(juliet, 'there'))
        juliet.hear(raw, 'there')

    def test_unsized(self):
        """F20: no size is said: a person is not told one; the true one is there when the file is."""
        juliet, raw, stream = self.meet()
        folder = self.folder()
        with self.server(self.montague, b'7 octet') as server:
            self.offer(stream, juliet, self.url(server), None)
            juliet.expect('transfer-done', transfer=self.take(juliet, raw, folder, 0), size=7)
            user = self.fresh('nurse')
            nurse = Process(self.capulet, f'{user} (chat)', [tool(), 'chat', '--user', user],
                            self.capulet.data_of(user))
            self.addCleanup(nurse.kill)
            nurse.name = f'{user}@capulet'
            nurse.await_that('contact', lambda: any(raw.name in line for line in nurse.lines))
            nurse.port = int(re.search(r'port (\d+)', nurse.lines[0])[1])
            stream = raw.dial(nurse)
            stream.send(header(raw.name, nurse.name, version=None))
            stream.expect_header()
            self.offer(stream, nurse, self.url(server, 'saints.txt'), None)
            nurse.await_that('offer', lambda: any('empty or of unknown size; /save 1' in line
                                                  for line in nurse.lines))

    def test_declined(self):
        """F20: a person says no: the other side hears 406, and its server nothing."""
        juliet, raw, stream = self.meet()
        with self.server(self.montague, b'no') as server:
            number = self.offer(stream, juliet, self.url(server), 2)
            transfer = juliet.expect('transfer-offered', contact=raw.name)['transfer']
            juliet.command('decline-transfer', transfer=transfer)
            juliet.expect('transfer-failed', transfer=transfer)
            answer = self.answer(stream, number)
            self.assertIn(NOT_WANTED, answer)
            self.assertIn(b'406', answer)
            self.assertEqual(server.asked, [])

    def test_cancelled(self):
        """F20: it is cancelled while it comes: no part stays."""
        juliet, raw, stream = self.meet()
        folder = self.folder()
        with self.server(self.montague, bytes(MIB), waits=True) as server:
            number = self.offer(stream, juliet, self.url(server), MIB)
            transfer = self.take(juliet, raw, folder, MIB)
            juliet.expect('transfer-progress', transfer=transfer)
            juliet.command('cancel-transfer', transfer=transfer)
            juliet.expect('transfer-failed', transfer=transfer)
            self.assertIn(NOT_WANTED, self.answer(stream, number))
            self.assert_nothing_left(folder)

    def test_gone(self):
        """F20: the server has gone, has it no more, or goes in the middle: 404, and no part stays."""
        juliet, raw, stream = self.meet()
        folder = self.folder()
        with self.server(self.montague, None) as server:
            number = self.offer(stream, juliet, self.url(server), 2)
            juliet.expect('transfer-failed', transfer=self.take(juliet, raw, folder, 2))
            self.assertIn(MISSING, self.answer(stream, number))
        number = self.offer(stream, juliet, self.url(server), 2)
        juliet.expect('transfer-failed', transfer=self.take(juliet, raw, folder, 2))
        self.assertIn(MISSING, self.answer(stream, number))
        with self.server(self.montague, bytes(MIB), waits=True) as server:
            number = self.offer(stream, juliet, self.url(server), MIB)
            transfer = self.take(juliet, raw, folder, MIB)
            juliet.expect('transfer-progress', transfer=transfer)
        juliet.expect('transfer-failed', transfer=transfer)
        self.assertIn(MISSING, self.answer(stream, number))
        self.assert_nothing_left(folder)

    def test_conversation_ends(self):
        """F20: telepathy-salut ends the conversation after some seconds; the file comes all the same."""
        juliet, raw, stream = self.meet()
        folder = self.folder()
        with self.server(self.montague, b'saints') as server:
            self.offer(stream, juliet, self.url(server), 6)
            transfer = juliet.expect('transfer-offered', contact=raw.name)['transfer']
            stream.send(FOOTER)
            stream.expect(FOOTER)
            stream.close()
            juliet.expect('session-closed', contact=raw.name)
            juliet.command('accept-transfer', transfer=transfer, folder=folder)
            juliet.expect('transfer-done', transfer=transfer)
        self.assertEqual(os.listdir(folder), ['sonnet.txt'])

    def test_somebody_else(self):
        """F22 F23: an address that is not the contact's is refused, and nobody is asked; the server hears nothing."""
        juliet, raw, stream = self.meet()
        with self.server(self.padua, b'no') as server, self.server(self.capulet, b'no') as ours:
            for url in (self.url(server), self.url(ours), 'http://127.0.0.1:80/a',
                        re.sub(r'//[^:]*', f'//[{self.padua.link_local()}]', self.url(server)),
                        re.sub(r'//[^:]*', '//[::1]', self.url(ours))):
                self.assertIn(NOT_WANTED, self.answer(stream, self.offer(stream, juliet, url, 2)))
            for url in 'https://padua.local/a', 'ftp://padua.local/a', 'http://www.example.org/a':
                self.assertIn(b'bad-request', self.answer(stream, self.offer(stream, juliet, url, 2)))
            self.assertEqual(server.asked + ours.asked, [])
        self.assertEqual(juliet.take_all('transfer-offered'), [])

    def test_other_address(self):
        """F23: the conversation is over IPv6, and the file at the contact's IPv4 address, or under its name."""
        raw = self.peer(self.montague, self.fresh('adium'))
        juliet = self.chat(self.capulet, self.fresh('juliet'))
        juliet.meet(raw)
        stream = raw.dial(juliet, f'{self.capulet.link_local()}%{self.montague.index_of_link()}')
        stream.send(header(raw.name, juliet.name, version=None))
        stream.expect_header()
        folder = self.folder()
        with self.server(self.montague, b'hands') as server:
            number = self.offer(stream, juliet, self.url(server), 5)
            juliet.expect('transfer-done', transfer=self.take(juliet, raw, folder, 5))
            self.assertRegex(self.answer(stream, number), rb'''type=['"]result['"]''')


if __name__ == '__main__':
    main()
