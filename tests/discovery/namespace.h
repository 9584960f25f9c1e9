/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A test that speaks mDNS does so in a network, mount and host name namespace of its own, where it
 * hears nobody else and nobody hears it. To be called first in main(); it ends the test as failed
 * where the system does not allow it, as root or through a user namespace. The host is called
 * "pronto", and its loopback interface is up. */
void namespace_enter         (void);

/* Runs a command and expects success. */
void namespace_run           (const char *command);
void namespace_set_host_name (const char *name);
