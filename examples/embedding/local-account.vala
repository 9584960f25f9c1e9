/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The local network as an account of a Vala program, as Dino has accounts: a class that goes
 * online and offline, knows who is there, and gives and takes stanzas as strings, which is what
 * another stanza class is made from. Two of them are in this program, so that it can be run. */

public class LocalAccount : Object {
	public Xep174.Client client { get; construct; }

	public signal void contact_online (string name);
	public signal void message_received (string from, string xml);

	public LocalAccount (string user, Xep174.Discovery? discovery = null) throws Error {
		Object (client: new Xep174.Client (new Xep174.Profile (user), discovery));
	}

	construct {
		client.contact_added.connect ((contact) => contact_online (contact.name));
		client.message_received.connect ((contact, message) =>
			message_received (contact.name, message.get_element ().to_string ()));
	}

	public async void go_online () throws Error {
		yield client.start_async (null);
	}

	public async void go_offline () throws Error {
		yield client.stop_async (null);
	}

	/* Returns once the stanza has gone out whole, or throws and says why not. */
	public async void send (string to, string xml) throws Error {
		var session = client.session_manager.ensure_session (to);
		yield session.send_xml_async (xml, null);
	}
}

/* A program with one user leaves this to the client, which keeps the keys in files. */
void keep_keys_in_memory (LocalAccount account) throws Error {
	account.client.session_manager.identity = Xep174.Identity.generate ();
	account.client.session_manager.trust_store = new Xep174.MemoryTrustStore ();
}

async void play () throws Error {
	var her_book = new Xep174.ManualDiscovery ();
	var his_book = new Xep174.ManualDiscovery ();
	var juliet = new LocalAccount ("juliet", her_book);
	var romeo = new LocalAccount ("romeo", his_book);

	romeo.contact_online.connect ((name) => print ("%s is here\n", name.split ("@")[0]));
	juliet.message_received.connect ((from, xml) => {
		print ("%s sends %s\n", from.split ("@")[0], xml.substring (xml.index_of ("<body")));
		play.callback ();
	});

	juliet.client.key_seen.connect ((contact, fingerprint) => {
		var right = fingerprint == romeo.client.session_manager.identity.fingerprint;
		print ("%s has shown %s key: %s\n", contact.name.split ("@")[0], right ? "the right" : "another",
		       contact.encrypted && contact.trust == Xep174.Trust.SEEN ? "encrypted, not compared" : "not encrypted");
	});
	keep_keys_in_memory (juliet);
	keep_keys_in_memory (romeo);

	yield juliet.go_online ();
	yield romeo.go_online ();
	her_book.add (romeo.client.local_name, "127.0.0.1", (uint16) romeo.client.port);
	his_book.add (juliet.client.local_name, "127.0.0.1", (uint16) juliet.client.port);
	romeo.send.begin (juliet.client.local_name, "<message><body>Call me but love</body></message>");
	yield;

	yield romeo.go_offline ();
	yield juliet.go_offline ();
}

int main () {
	var loop = new MainLoop ();
	var status = 0;

	play.begin ((source, result) => {
		try {
			play.end (result);
		} catch (Error error) {
			printerr ("%s\n", error.message);
			status = 1;
		}
		loop.quit ();
	});
	loop.run ();
	return status;
}
