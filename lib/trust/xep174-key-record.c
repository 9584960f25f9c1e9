/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174KeyRecord:
 *
 * What a [iface@TrustStore] knows of one key.
 *
 * A record never changes; a store that learns more has another record for the key.
 *
 * Since: 1.0
 */

#include "xep174-key-record.h"

#include "xep174-common-enums.h"
#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"

struct _Xep174KeyRecord
{
  GObject parent_instance;
  char *fingerprint;
  Xep174Trust trust;
  char **names;
};

enum
{
  PROP_0,
  PROP_FINGERPRINT,
  PROP_TRUST,
  PROP_NAMES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (Xep174KeyRecord, xep174_key_record, G_TYPE_OBJECT)

static void
xep174_key_record_get_property (GObject    *object,
                                guint       property_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  Xep174KeyRecord *self = XEP174_KEY_RECORD (object);

  switch (property_id)
    {
    case PROP_FINGERPRINT:
      g_value_set_string (value, self->fingerprint);
      break;

    case PROP_TRUST:
      g_value_set_enum (value, self->trust);
      break;

    case PROP_NAMES:
      g_value_set_boxed (value, self->names);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
xep174_key_record_finalize (GObject *object)
{
  Xep174KeyRecord *self = XEP174_KEY_RECORD (object);

  g_free (self->fingerprint);
  g_strfreev (self->names);

  G_OBJECT_CLASS (xep174_key_record_parent_class)->finalize (object);
}

static void
xep174_key_record_class_init (Xep174KeyRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_key_record_get_property;
  object_class->finalize = xep174_key_record_finalize;

  /**
   * Xep174KeyRecord:fingerprint: (getter get_fingerprint)
   *
   * SHA-256 of the public key, as 64 hexadecimal digits.
   *
   * Since: 1.0
   */
  properties[PROP_FINGERPRINT] =
    g_param_spec_string ("fingerprint", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174KeyRecord:trust: (getter get_trust)
   *
   * Seen, verified or distrusted.
   *
   * Since: 1.0
   */
  properties[PROP_TRUST] =
    g_param_spec_enum ("trust", NULL, NULL, XEP174_TYPE_TRUST, XEP174_TRUST_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174KeyRecord:names: (getter get_names)
   *
   * The names under which the key was seen, the oldest first.
   *
   * Since: 1.0
   */
  properties[PROP_NAMES] =
    g_param_spec_boxed ("names", NULL, NULL, G_TYPE_STRV,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_key_record_init (Xep174KeyRecord *self)
{
}

/**
 * xep174_key_record_new:
 * @fingerprint: SHA-256 of the public key, as 64 hexadecimal digits in lower case
 * @trust: %XEP174_TRUST_SEEN, %XEP174_TRUST_VERIFIED or %XEP174_TRUST_DISTRUSTED
 * @names: (array zero-terminated=1): the names under which the key was seen
 *
 * Makes a record, for a store of your own.
 *
 * Returns: (transfer full): the record
 *
 * Since: 1.0
 */
Xep174KeyRecord *
xep174_key_record_new (const char         *fingerprint,
                       Xep174Trust         trust,
                       const char * const *names)
{
  Xep174KeyRecord *self;

  g_return_val_if_fail (fingerprint != NULL && xep174_fingerprint_is_valid (fingerprint), NULL);
  g_return_val_if_fail (trust == XEP174_TRUST_SEEN || trust == XEP174_TRUST_VERIFIED
                        || trust == XEP174_TRUST_DISTRUSTED, NULL);
  g_return_val_if_fail (names != NULL, NULL);

  self = g_object_new (XEP174_TYPE_KEY_RECORD, NULL);
  self->fingerprint = g_strdup (fingerprint);
  self->trust = trust;
  self->names = g_strdupv ((char **) names);
  return self;
}

/**
 * xep174_key_record_get_fingerprint: (get-property fingerprint)
 * @self: a record
 *
 * Returns whose record it is.
 *
 * Returns: (transfer none): SHA-256 of the public key, as 64 hexadecimal digits
 *
 * Since: 1.0
 */
const char *
xep174_key_record_get_fingerprint (Xep174KeyRecord *self)
{
  g_return_val_if_fail (XEP174_IS_KEY_RECORD (self), NULL);

  return self->fingerprint;
}

/**
 * xep174_key_record_get_trust: (get-property trust)
 * @self: a record
 *
 * Returns what a person has said of the key.
 *
 * Returns: seen, verified or distrusted
 *
 * Since: 1.0
 */
Xep174Trust
xep174_key_record_get_trust (Xep174KeyRecord *self)
{
  g_return_val_if_fail (XEP174_IS_KEY_RECORD (self), XEP174_TRUST_UNKNOWN);

  return self->trust;
}

/**
 * xep174_key_record_get_names: (get-property names)
 * @self: a record
 *
 * Returns the names under which the key was seen.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names
 *
 * Since: 1.0
 */
const char * const *
xep174_key_record_get_names (Xep174KeyRecord *self)
{
  g_return_val_if_fail (XEP174_IS_KEY_RECORD (self), NULL);

  return (const char * const *) self->names;
}

/**
 * xep174_key_record_has_name:
 * @self: a record
 * @name: a name on the network
 *
 * Looks for @name among the names of the record. Names are compared without the case of ASCII
 * letters, as DNS does (RFC 6762 §16).
 *
 * Returns: whether the key was seen under that name
 *
 * Since: 1.0
 */
gboolean
xep174_key_record_has_name (Xep174KeyRecord *self,
                            const char      *name)
{
  g_return_val_if_fail (XEP174_IS_KEY_RECORD (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  for (char **own = self->names; *own != NULL; own++)
    if (xep174_name_equal (*own, name))
      return TRUE;

  return FALSE;
}
