/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A feature of your own in Vala: Romeo asks for Juliet's attention (XEP-0224). Both ends are in this program. */

public class Nudge : Xep174.Feature {
	private const string NS = "urn:xmpp:attention:0";

	public signal void nudged (string contact);

	/* What is given to it, and what others are told that we can do. */
	public Nudge () {
		Object (payloads: new string[] { NS }, announces: new string[] { NS });
	}

	/* True: nobody else has to see it. */
	public override bool handle (string contact, Xep174.Element stanza, Xep174.Element payload) {
		nudged (contact);
		return true;
	}

	public async void send (string contact) throws Error {
		var message = new Xep174.Element ("message", "jabber:client");

		message.append_new ("attention", NS);
		yield host.send_async (contact, message, null);
	}
}

Nudge add_nudge (Xep174.SessionManager manager) throws Error {
	var nudge = new Nudge ();

	manager.listen (0);
	manager.add_feature (nudge);
	return nudge;
}

async void play () throws Error {
	var book = new Xep174.ManualDiscovery ();
	var juliet = new Xep174.SessionManager ("juliet@capulet", book);
	var romeo = new Xep174.SessionManager ("romeo@montague", book);
	var hers = add_nudge (juliet);
	var his = add_nudge (romeo);

	book.add ("juliet@capulet", "127.0.0.1", (uint16) juliet.port);
	book.add ("romeo@montague", "127.0.0.1", (uint16) romeo.port);
	hers.nudged.connect ((contact) => {
		print ("%s wants our attention\n", contact);
		play.callback ();
	});
	his.send.begin ("juliet@capulet");
	yield;
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
