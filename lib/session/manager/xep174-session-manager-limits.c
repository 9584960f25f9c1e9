/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The properties that are numbers, each with what it may be. */

#include "xep174-session-manager-private.h"

/* X8, X9: what is a number. */
static const struct
{
  const char *name;
  gsize offset;
  guint minimum;
  guint maximum;
  guint standard;
} limits[XEP174_N_LIMITS] = {
#define LIMIT(name, field, minimum, maximum, standard) \
  { name, G_STRUCT_OFFSET (Xep174Settings, field), minimum, maximum, standard }
  /**
   * Xep174SessionManager:max-stanza-octets:
   *
   * How many octets a stanza may have, received or sent. Who sends more gets `policy-violation`.
   *
   * Since: 1.0
   */
  LIMIT ("max-stanza-octets", max_stanza_octets, 10000, G_MAXINT / 2, 256 * 1024),
  /**
   * Xep174SessionManager:max-header-octets:
   *
   * How many octets a stream header may have.
   *
   * Since: 1.0
   */
  LIMIT ("max-header-octets", max_header_octets, 256, G_MAXINT / 2, 8 * 1024),
  /**
   * Xep174SessionManager:max-depth:
   *
   * How deep elements may be nested in a stanza, received or sent.
   *
   * Since: 1.0
   */
  LIMIT ("max-depth", max_depth, 8, G_MAXINT / 2, 128),
  /**
   * Xep174SessionManager:max-attributes:
   *
   * How many attributes an element may have, received or sent, `from` and `to` among them.
   *
   * Since: 1.0
   */
  LIMIT ("max-attributes", max_attributes, 8, G_MAXINT / 2, 40),
  /**
   * Xep174SessionManager:max-namespaces:
   *
   * How many namespaces an element may declare, received or sent.
   *
   * Since: 1.0
   */
  LIMIT ("max-namespaces", max_namespaces, 4, G_MAXINT / 2, 32),
  /**
   * Xep174SessionManager:max-queue-octets:
   *
   * How many octets may wait in the buffer of a stream that the contact does not read. What is sent
   * beyond it waits as it is, its requests pending; no stanza is refused for it.
   *
   * Since: 1.0
   */
  LIMIT ("max-queue-octets", max_queue_octets, 1, G_MAXINT / 2, 64 * 1024),
  /**
   * Xep174SessionManager:max-unidentified:
   *
   * How many incoming streams may be there of which it is not known whose they are. One more is
   * closed, with `resource-constraint` unless there is a flood of them.
   *
   * Since: 1.0
   */
  LIMIT ("max-unidentified", max_unidentified, 1, G_MAXINT / 2, 128),
  /**
   * Xep174SessionManager:max-unidentified-per-address:
   *
   * How many of [property@SessionManager:max-unidentified] may come from one address.
   *
   * Since: 1.0
   */
  LIMIT ("max-unidentified-per-address", max_unidentified_per_address, 1, G_MAXINT / 2, 8),
  /**
   * Xep174SessionManager:header-timeout:
   *
   * How long to wait for the header of an incoming stream, and to know whose it is, in
   * milliseconds.
   *
   * Since: 1.0
   */
  LIMIT ("header-timeout", header_timeout, 1, G_MAXINT / 2, 5000),
  /**
   * Xep174SessionManager:open-timeout:
   *
   * How long to wait for the answer to our header, in milliseconds.
   *
   * Since: 1.0
   */
  LIMIT ("open-timeout", open_timeout, 1, G_MAXINT / 2, 15000),
  /**
   * Xep174SessionManager:release-delay:
   *
   * How long a stream that we have opened may stay silent before a ping releases the contact, who
   * waits for our first stanza, in milliseconds.
   *
   * Since: 1.0
   */
  LIMIT ("release-delay", release_delay, 0, G_MAXINT / 2, 500),
  /**
   * Xep174SessionManager:idle-interval:
   *
   * After how much silence of the contact it is asked for a sign of life, in milliseconds; 0 for
   * never.
   *
   * Since: 1.0
   */
  LIMIT ("idle-interval", idle_interval, 0, G_MAXINT / 2, 300000),
  /**
   * Xep174SessionManager:receipt-delay:
   *
   * How long after a stanza a ping asks for a sign of its receipt, in milliseconds. See
   * [signal@Session::stanza-unconfirmed].
   *
   * Since: 1.0
   */
  LIMIT ("receipt-delay", receipt_delay, 0, G_MAXINT / 2, 5000),
#undef LIMIT
};

GParamSpec *
xep174_session_manager_make_limit (guint       limit,
                                   GParamFlags flags)
{
  return g_param_spec_uint (limits[limit].name, NULL, NULL, limits[limit].minimum, limits[limit].maximum,
                            limits[limit].standard, G_PARAM_READWRITE | flags);
}

guint *
xep174_session_manager_get_limit (Xep174SessionManager *self,
                                  guint                 limit)
{
  return G_STRUCT_MEMBER_P (&self->around.settings, limits[limit].offset);
}

void
xep174_session_manager_init_limits (Xep174SessionManager *self)
{
  for (guint i = 0; i < XEP174_N_LIMITS; i++)
    *xep174_session_manager_get_limit (self, i) = limits[i].standard;
}
