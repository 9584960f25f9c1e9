#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later

// A discovery written in JavaScript: it tells more about its people than their addresses, and says
// only at the last moment how to reach them. Both ends are in this program, so that it can be run
// without a network.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import Xep174 from 'gi://Xep174?version=1';

Gio._promisify(Xep174.Client.prototype, 'start_async', 'start_finish');
Gio._promisify(Xep174.Client.prototype, 'stop_async', 'stop_finish');
Gio._promisify(Xep174.Client.prototype, 'send_text_async', 'send_text_finish');

const AddressBook = GObject.registerClass(
class AddressBook extends Xep174.Discovery {
    constructor() {
        super();
        this.clients = new Map();
    }

    // What the client of somebody else tells about itself, as it would be read from the network.
    meet(client) {
        this.clients.set(client.local_name, client);
        this.put_contact(client.local_name, client.profile.dup_txt(client.port));
    }

    vfunc_dup_contact_connectable(name) {
        const client = this.clients.get(name);

        if (!client) {
            throw new GLib.Error(Xep174.DirectoryError, Xep174.DirectoryError.UNKNOWN_NAME,
                `${name} is not in the address book`);
        }
        return Gio.NetworkAddress.new('127.0.0.1', client.port);
    }
});

function newClient(user, machine) {
    const profile = Xep174.Profile.new(user);

    profile.set_machine(machine);
    return Xep174.Client.new(profile, new AddressBook());
}

async function main() {
    const juliet = newClient('juliet', 'capulet');
    const romeo = newClient('romeo', 'montague');

    juliet.profile.set_status(Xep174.Status.AWAY, 'in the orchard');
    await juliet.start_async(null);
    await romeo.start_async(null);
    juliet.discovery.meet(romeo);
    romeo.discovery.meet(juliet);

    const contact = romeo.find_contact('juliet@capulet');
    if (contact.status === Xep174.Status.AWAY)
        print(`${contact.name} is away: ${contact.statusMessage}`);

    const heard = new Promise(resolve => juliet.connect('message-received',
        (_client, from, message) => resolve(`${from.name} says: ${message.body}`)));
    await romeo.send_text_async(contact, 'I come anon', null);
    print(await heard);

    await romeo.stop_async(null);
    await juliet.stop_async(null);
}

let status = 1;
const loop = GLib.MainLoop.new(null, false);
main().then(() => (status = 0), logError).finally(() => loop.quit());
loop.run();
System.exit(status);
