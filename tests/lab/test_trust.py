# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a key leads to: the table in doc/security.md, a story on real hosts to each row."""
import os
import re
import shutil

from xep174lab import FOOTER, converse, main, tls
from xep174lab.trust import IN_THE_CLEAR, SEEN, VERIFIED, TrustTest


class Keys(TrustTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6=None)
        cls.montague = lab.add('montague', ipv6=None)
        cls.padua = lab.add('padua', ipv6=None)

    def test_first_meeting_T2_T5_T6(self):
        """T2 T5 T6: two who never met: encrypted, each remembers the other's key, nothing is readable."""
        capture = self.capture(self.capulet)
        juliet, romeo = self.friends()
        wire = b''.join(flow.octets for each in capture.snapshot()
                        for flow in (each.to_server, each.to_client))
        self.assertIn(b'<proceed', wire)
        for secret in (b'hello from', b'<body', b'xep174'):
            self.assertNotIn(secret, wire.partition(b'<proceed')[2])
        for person in juliet, romeo:
            self.assertEqual(os.stat(person.folder).st_mode & 0o777, 0o700)
            for file in os.listdir(person.folder):
                self.assertEqual(os.stat(f'{person.folder}/{file}').st_mode & 0o077, 0, file)

    def test_second_meeting_T6(self):
        """T6: the next time nobody is new, whoever calls."""
        juliet, romeo = self.friends()
        romeo = self.again(romeo, juliet)
        romeo.tell(juliet, 'again')
        juliet.hear(romeo, 'again')
        juliet.expect('session-opened', contact=romeo.name, role='recipient', **SEEN)
        romeo.expect('session-opened', contact=juliet.name, role='initiator', **SEEN)
        for person in juliet, romeo:
            person.forbid('key-seen')
            person.forbid('key-changed')

    def test_another_key_called_T6(self):
        """T6 T7: who is called shows another key: nothing is sent; an accepted key is one more."""
        juliet, romeo = self.friends()
        self.leave(romeo, juliet)
        new = self.person(self.montague, romeo.user, juliet, folder=romeo.folder + '.new')
        self.refused(juliet, new, 'secret', 'key')
        juliet.key_changed(new, new.fingerprint, romeo.fingerprint)
        juliet.forbid('session-opened')
        self.refused(juliet, new, 'secret still', 'key')
        new.forbid('message')
        juliet.command('accept', contact=new.name, key=new.fingerprint)
        converse(juliet, new, 'accepted')
        juliet.expect('session-opened', contact=new.name, **SEEN)
        self.leave(new, juliet)
        # Accepting has taken nothing away.
        romeo = self.person(self.montague, romeo.user, juliet, folder=romeo.folder)
        converse(romeo, juliet, 'the first again')
        juliet.forbid('key-changed')

    def test_another_key_calling_T6_T10(self):
        """T6 T10: the caller shows another key: nothing is heard, and it reads why."""
        juliet, romeo = self.friends()
        self.leave(romeo, juliet)
        new = self.person(self.montague, romeo.user, juliet, folder=romeo.folder + '.new')
        self.refused(new, juliet, 'it is I', 'your key is not accepted')
        juliet.key_changed(new, new.fingerprint, romeo.fingerprint)
        juliet.forbid('message', **{'from': new.name})
        juliet.forbid('session-opened')
        juliet.command('accept', contact=new.name, key=new.fingerprint)
        new.tell(juliet, 'at last')
        juliet.hear(new, 'at last')

    def test_another_name_T6(self):
        """T6: the same key under a new name is the same person, unless that name has another key."""
        juliet, romeo = self.friends()
        paris = self.person(self.padua, self.fresh('paris'), juliet)
        converse(paris, juliet)
        juliet.command('verify', contact=romeo.name, key=romeo.fingerprint)
        self.leave(romeo, juliet)
        other = self.person(self.montague, self.fresh('cesario'), juliet, folder=romeo.folder)
        converse(other, juliet)
        juliet.expect('session-opened', contact=other.name, **VERIFIED)
        juliet.forbid('key-changed')
        self.leave(paris, juliet)
        # The key of one, and the name of another.
        raw = self.peer(self.padua, paris.user)
        juliet.meet(raw)
        key = tls.Key(self.padua, 'romeo')
        shutil.copy(f'{romeo.folder}/identity.pem', key.pem)
        stream = tls.call(raw, juliet, key, accepted=False)
        stream.expect(b'<not-authorized ')
        juliet.key_changed(raw, romeo.fingerprint, paris.fingerprint)

    def test_no_certificate_T10(self):
        """T10: who shows no key is told so, inside TLS; nothing is heard or remembered."""
        juliet = self.person(self.capulet, self.fresh('juliet'))
        raw = self.peer(self.montague, self.fresh('romeo'))
        juliet.meet(raw)
        stream = tls.call(raw, juliet, None, accepted=False)
        stream.send(raw.message(juliet, 'trust me'))
        stream.expect(b'<not-authorized ')
        stream.expect(FOOTER)
        juliet.forbid('message')
        juliet.forbid('session-opened')
        juliet.forbid('key-seen')
        # Nor held against it.
        stream = tls.call(raw, juliet, tls.Key(self.montague))
        stream.send(raw.message(juliet, 'now'))
        juliet.hear(raw, 'now')

    def test_in_the_clear_T5(self):
        """T5: who has shown a key once is neither heard nor spoken to without it, until it is forgotten."""
        juliet = self.person(self.capulet, self.fresh('juliet'))
        raw = self.known(self.montague, 'romeo', juliet, tls.Key(self.montague))
        stream = raw.open(juliet)
        self.assertIn(b'<required/>', stream.received)
        stream.send(raw.message(juliet, 'no need to hide'))
        stream.expect(b'<policy-violation ')
        number = juliet.say(raw, 'secret')
        stream = raw.accept()
        raw.answer(stream, juliet.name)
        stream.expect(FOOTER)
        self.assertIn('not encrypted', juliet.expect('failed', id=number)['reason'])
        self.assertNotIn(b'secret', stream.received)
        juliet.forbid('message')
        juliet.forbid('session-opened')
        juliet.command('forget', contact=raw.name)
        stream = raw.open(juliet)
        stream.send(raw.message(juliet, 'I am told you forgot me'))
        juliet.hear(raw, 'I am told you forgot me')
        juliet.expect('session-opened', contact=raw.name, **IN_THE_CLEAR)

    def test_policies_T5(self):
        """T5: who does not encrypt: in the clear, and so said, if that is permitted; else not at all."""
        juliet = self.person(self.capulet, self.fresh('juliet'))
        plain = self.person(self.montague, self.fresh('romeo'), juliet,
                            arguments=('--encryption', 'off'))
        strict = self.person(self.padua, self.fresh('paris'), juliet, plain,
                             arguments=('--encryption', 'require'))
        converse(juliet, plain)
        for one, other in (juliet, plain), (plain, juliet):
            one.expect('session-opened', contact=other.name, **IN_THE_CLEAR)
        converse(juliet, strict)
        juliet.expect('session-opened', contact=strict.name, **SEEN)
        self.refused(strict, plain, 'secret', 'encrypt')
        number = plain.say(strict, 'not for me')
        plain.expect('unconfirmed', id=number)
        for one, other in (plain, strict), (strict, plain):
            one.forbid('message', **{'from': other.name})
            one.forbid('key-seen', contact=other.name)

    def test_distrusted_T6(self):
        """T6: a key that a person distrusts ends its session, and is refused under every name."""
        juliet, romeo = self.friends()
        juliet.command('distrust', contact=romeo.name, key=romeo.fingerprint)
        juliet.expect('session-closed', contact=romeo.name)
        self.refused(juliet, romeo, 'secret', 'trust')
        romeo.quit()
        other = self.person(self.montague, self.fresh('cesario'), juliet, folder=romeo.folder)
        self.refused(other, juliet, 'somebody new', 'your key is not accepted')
        juliet.forbid('message', **{'from': other.name})

    def test_safety_number_T14(self):
        """T14: both read one number of 60 digits; verified is verified after a restart; and only there."""
        juliet, romeo = self.friends()
        numbers = set()
        for one, other in (juliet, romeo), (romeo, juliet):
            one.command('safety-number', contact=other.name)
            numbers.add(one.expect('safety-number', contact=other.name)['number'])
        self.assertEqual(len(numbers), 1, numbers)
        self.assertRegex(re.sub(r'\s', '', numbers.pop()), r'^\d{60}$')
        juliet.command('verify', contact=romeo.name, key=romeo.fingerprint)
        juliet = self.again(juliet, romeo)
        romeo.take_all('session-opened')
        converse(romeo, juliet)
        juliet.expect('session-opened', contact=romeo.name, **VERIFIED)
        romeo.expect('session-opened', contact=juliet.name, **SEEN)

    def test_damaged_T7(self):
        """T7: a store or key that is there and cannot be read: no start, no new one, and what to do."""
        juliet, romeo = self.friends()
        self.leave(romeo, juliet)
        for file in 'keys', 'identity.pem':
            path = f'{romeo.folder}/{file}'
            with open(path, 'rb') as good:
                kept = good.read()
            for bad in (b'\0' * 40, kept[:len(kept) // 2], b''):
                with open(path, 'wb') as damaged:
                    damaged.write(bad)
                broken = self.person(self.montague, romeo.user, folder=romeo.folder, online=False)
                self.assertNotEqual(broken.wait(), 0)
                said = '\n'.join(broken.lines + broken.errors)
                self.assertIn(path, said)
                broken.forbid('online')
                with open(path, 'rb') as still:
                    self.assertEqual(still.read(), bad)
            with open(path, 'wb') as mended:
                mended.write(kept)
        romeo = self.person(self.montague, romeo.user, juliet, folder=romeo.folder)
        converse(romeo, juliet)
        juliet.expect('session-opened', contact=romeo.name, **SEEN)

    def test_one_folder_for_two_T7(self):
        """T7: two programs with one folder at once: one key, and each remembers what the other learns."""
        juliet = self.person(self.capulet, self.fresh('juliet'))
        folder = f'{self.montague.directory}/{self.fresh("both")}'
        both = [self.person(self.montague, self.fresh(user), folder=folder, online=False)
                for user in ('romeo', 'benvolio')]
        for one in both:
            one.await_online()
            self.meet(one, juliet)
        converse(both[0], juliet)
        converse(both[1], juliet)
        for one in both:
            juliet.expect('key-seen', contact=one.name, new=both[0].fingerprint)
        both[0].expect('key-seen', contact=juliet.name)
        both[1].forbid('key-seen', contact=juliet.name)
        both[0].command('verify', contact=juliet.name, key=juliet.fingerprint)
        juliet = self.again(juliet, *both)
        converse(juliet, both[1])
        both[1].take_all('session-opened', trust='seen')
        both[1].expect('session-opened', contact=juliet.name, **VERIFIED)


if __name__ == '__main__':
    main()
