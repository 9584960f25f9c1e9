# SPDX-License-Identifier: LGPL-2.1-or-later
"""The lab itself, with no part of the library in it: a broken lab could hide a broken library."""
import os
import signal
import socket
import subprocess
import sys
import time

from xep174lab import (FEATURES, FOOTER, PATIENCE, Failure, Lab, LabTest, Publisher, await_that,
                       header, inside, main, run)


class Cables(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', avahi=False, ipv6='global')
        cls.mantua = lab.add('mantua', avahi=False, ipv6='global', links=2)
        cls.padua = lab.add('padua', avahi=False, ipv6=None)

    def ping(self, host, address, timeout=PATIENCE):
        """Whether a connection is refused from there: proof that packets pass both ways."""
        with host.network():
            sock = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
        sock.settimeout(timeout)
        try:
            sock.connect((address, 9))
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        finally:
            sock.close()
        return False

    def test_addresses(self):
        """Hosts reach each other with IPv4 and IPv6, and not where they have no address."""
        self.assertTrue(self.ping(self.verona, self.mantua.ipv4[0]))
        self.assertTrue(self.ping(self.verona, self.mantua.ipv6[0]))
        self.assertTrue(self.ping(self.padua, self.mantua.ipv4[0]))
        self.assertFalse(self.ping(self.padua, self.mantua.ipv6[0]))
        self.assertTrue(self.mantua.link_local(1).startswith('fe80:'))

    def test_cable(self):
        """A cut cable passes nothing, and passes everything again once mended."""
        self.mantua.cut()
        self.assertFalse(self.ping(self.verona, self.mantua.ipv4[0], timeout=0.5))
        self.mantua.mend()
        self.assertTrue(self.ping(self.verona, self.mantua.ipv4[0]))
        self.mantua.unplug()
        self.assertFalse(self.ping(self.verona, self.mantua.ipv4[0], timeout=0.5))
        self.mantua.plug()
        self.assertTrue(self.ping(self.verona, self.mantua.ipv4[0]))

    def test_power(self):
        """After a power failure a host has its addresses again, and none of its connections."""
        one = self.peer(self.verona, 'romeo', publish=False)
        other = self.peer(self.mantua, 'juliet', publish=False)
        there = one.dial(other)
        here = other.accept()
        local = self.mantua.link_local(0)
        self.mantua.power_off()
        self.assertEqual(len(self.verona.connections()), 1)
        self.mantua.power_on()
        self.assertEqual(self.mantua.link_local(0), local)
        self.assertTrue(self.ping(self.verona, self.mantua.ipv4[0]))
        there.send(b'anybody?')
        self.assertEqual(there.expect_end(), 'ConnectionResetError')
        here.close()

    def test_weather(self):
        """Bad weather delays and loses; what TCP carries through it is whole."""
        weather = self.weather(self.verona, delay=0.2)
        before = time.monotonic()
        self.assertTrue(self.ping(self.verona, self.mantua.ipv4[0]))
        self.assertGreater(time.monotonic() - before, 0.39)
        weather.delay, weather.loss = 0.01, 0.02
        one = self.peer(self.verona, 'romeo', publish=False)
        other = self.peer(self.mantua, 'juliet', publish=False)
        there = one.dial(other)
        here = other.accept()
        there.send(b'x' * 50000 + b'end')
        here.expect(b'end')
        here.send(b'y' * 50000 + b'end')
        there.expect(b'end')
        weather.loss = 1.0
        self.assertFalse(self.ping(self.verona, self.mantua.ipv4[0], timeout=0.5))

    def test_capture(self):
        """A capture shows each connection and its octets, both ways."""
        capture = self.capture(self.verona)
        one = self.peer(self.verona, 'romeo', publish=False)
        other = self.peer(self.mantua, 'juliet', publish=False)
        there = one.dial(other)
        here = other.accept()
        big = b'x' * 300000
        there.send(b'hello' + big)
        here.expect(b'hello' + big)
        here.send(b'goodbye')
        there.expect(b'goodbye')
        self.assertEqual(len(self.verona.connections()), 1)
        there.close()
        self.assertEqual(here.expect_end(), 'EOF')
        connection, = await_that('capture', lambda: [
            c for c in capture.snapshot() if c.to_server.fin])
        self.assertEqual(connection.to_server.octets, b'hello' + big)
        self.assertEqual(connection.to_client.octets, b'goodbye')


class Daemons(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona')
        cls.mantua = lab.add('mantua')

    def test_libpurple_and_raw_peer(self):
        """libpurple sees what the raw peer announces, and they exchange octets."""
        raw = self.peer(self.mantua, 'juliet')
        purple = self.purple(self.verona, 'romeo')
        purple.meet(raw)
        purple.say(raw, '1 &lt; 2 &amp; <b>bold</b>')
        stream = raw.accept()
        got = raw.answer(stream, purple.name)
        self.assertIn(b"from='romeo@verona'" if b"from='" in got else b'from="romeo@verona"', got)
        stream.expect(b'1 &lt; 2 &amp; bold')
        stream.expect(b'</message>')
        stream.send(raw.message(purple, 'hear &amp; forget'))
        purple.hear(raw, 'hear & forget')
        raw.change({'txtvers': '1', 'status': 'dnd', 'msg': 'asleep'})
        purple.expect(f'buddy-status {raw.name} ', 'message=asleep')
        stream.send(FOOTER)
        stream.expect_end()
        raw.withdraw()
        purple.expect(f'buddy-removed {raw.name}')

    def test_daemon_restarts(self):
        """A daemon is killed and comes back on the same bus."""
        self.mantua.stop_avahi(signal.SIGKILL)
        self.mantua.start_avahi()
        self.mantua.await_avahi()
        publisher = Publisher(self.mantua)
        publisher.announce('rosaline@mantua', 5298)
        publisher.await_all()
        port, txt = publisher.resolve('rosaline@mantua')
        self.assertEqual((port, set(txt)), (5298, {b'txtvers=1', b'status=avail'}))
        publisher.close()

    def test_header(self):
        """The raw peer's octets are those of XEP-0174 §7."""
        self.assertTrue(header('a@b', 'c@d').endswith(b" from='a@b' to='c@d' version='1.0'>"))
        self.assertTrue(header(None, None, None).endswith(b"streams'>"))
        self.assertEqual(FEATURES, b'<stream:features/>')

    def test_what_does_not_come_is_a_failure(self):
        """Waiting in vain fails, with what came instead."""
        raw = self.peer(self.mantua, 'juliet', publish=False)
        with self.assertRaisesRegex(Failure, 'nobody connected'):
            raw.accept(timeout=0.05)


class Cleaning(LabTest):
    @classmethod
    def build(cls, lab):
        pass

    @staticmethod
    def daemons():
        """Process ids of all daemons that can be seen from here, those of labs within included."""
        found = set()
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/comm', encoding='ascii') as name:
                    if name.read().strip() in ('avahi-daemon', 'dbus-daemon'):
                        found.add(pid)
            except OSError:
                pass
        return found

    def test_nothing_survives(self):
        """A lab killed without warning leaves no process, no namespace and no file behind."""
        before = self.daemons(), run('ip', 'netns', 'list'), os.listdir('/run/lab')
        with subprocess.Popen([sys.executable, __file__, HOLD], stdout=subprocess.PIPE,
                              text=True) as held:
            self.assertEqual(held.stdout.readline(), 'up\n')
            self.assertEqual(len(self.daemons()), len(before[0]) + 2)
            held.kill()
        await_that('end of the daemons', lambda: self.daemons() == before[0])
        after = self.daemons(), run('ip', 'netns', 'list'), os.listdir('/run/lab')
        self.assertEqual(after, before)


HOLD = 'hold'


def hold():
    """A lab that stays until it is killed."""
    inside.enter()
    lab = Lab()
    lab.add('verona')
    lab.start()
    print('up', flush=True)
    time.sleep(600)


if __name__ == '__main__':
    if HOLD in sys.argv:
        hold()
    main()
