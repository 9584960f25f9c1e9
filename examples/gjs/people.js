#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later

// A chat whose people come from JavaScript: from a list, a settings file, or what somebody typed.
// Both ends are in this program, so that it can be run without a network.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import Xep174 from 'gi://Xep174?version=1';

Gio._promisify(Xep174.Client.prototype, 'start_async', 'start_finish');
Gio._promisify(Xep174.Client.prototype, 'stop_async', 'stop_finish');
Gio._promisify(Xep174.Client.prototype, 'send_text_async', 'send_text_finish');

function newClient(user, machine) {
    const profile = Xep174.Profile.new(user);

    profile.set_machine(machine);
    return Xep174.Client.new(profile, Xep174.ManualDiscovery.new());
}

function addPeople(discovery, people) {
    for (const {name, host, port} of people) {
        try {
            discovery.add(name, host, port);
        } catch (error) {
            print(error.message);
        }
    }
}

function nextMessage(client) {
    return new Promise(resolve => {
        const handler = client.connect('message-received', (_client, contact, message) => {
            client.disconnect(handler);
            resolve(`${contact.name} says: ${message.body}`);
        });
    });
}

// A program with one user leaves this to the client, which keeps the keys in files.
function keepKeysInMemory(client) {
    client.session_manager.identity = Xep174.Identity.generate();
    client.session_manager.trust_store = Xep174.MemoryTrustStore.new();
    client.connect('key-seen', (_client, contact, fingerprint) =>
        print(`${contact.name} has shown a key of ${fingerprint.length} digits`));
    client.connect('key-changed', (_client, contact, _old, _new) =>
        print(`${contact.name}: the key has changed: nothing is sent`));
}

function compare(client, contact, number) {
    const session = client.find_session(contact);

    if (session.dup_safety_number() === number)
        client.verify_key(contact, session.dup_peer_fingerprint());
    return contact.encrypted && contact.trust === Xep174.Trust.VERIFIED
        ? 'encrypted and compared' : 'not compared';
}

async function main() {
    const juliet = newClient('juliet', 'capulet');
    const romeo = newClient('romeo', 'montague');

    keepKeysInMemory(juliet);
    keepKeysInMemory(romeo);
    await juliet.start_async(null);
    await romeo.start_async(null);
    romeo.connect('contact-added', (_client, contact) =>
        print(`${contact.name} is here`));
    romeo.connect('contact-removed', (_client, contact) =>
        print(`${contact.name} has left`));
    addPeople(juliet.discovery, [
        {name: 'romeo@montague', host: '127.0.0.1', port: romeo.port},
    ]);
    addPeople(romeo.discovery, [
        {name: 'juliet@capulet', host: '127.0.0.1', port: juliet.port},
        {name: 'rosaline@capulet', host: 'rosaline.example', port: 0},
    ]);

    const heard = nextMessage(juliet);
    await romeo.send_text_async(romeo.find_contact('juliet@capulet'), 'It is my lady', null);
    print(await heard);

    // Romeo reads his number aloud.
    const his = romeo.find_session(romeo.find_contact('juliet@capulet')).dup_safety_number();
    print(compare(juliet, juliet.find_contact('romeo@montague'), his));

    romeo.discovery.remove('juliet@capulet');
    await romeo.stop_async(null);
    await juliet.stop_async(null);
}

let status = 1;
const loop = GLib.MainLoop.new(null, false);
main().then(() => (status = 0), logError).finally(() => loop.quit());
loop.run();
System.exit(status);
