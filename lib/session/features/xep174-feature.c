/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Feature:
 *
 * Something that a conversation can carry beyond text.
 *
 * A feature is a small class. It says in which namespaces its payloads are, and gets the stanzas that have
 * one. It can add to what is sent. What it [announces][property@Feature:announces] is told to others, so
 * that they know what they may send.
 *
 * Derive a class of your own, in any language, and give an object of it to
 * [method@FeatureHost.add_feature]. In any of its functions a feature may send, add and remove features,
 * itself among them, and drop the last reference to its host. After it was removed none of its functions is
 * called.
 *
 * Since: 1.0
 */

#include "xep174-feature-private.h"

typedef struct
{
  GStrv payloads;
  GStrv announces;
  Xep174FeatureHost *host; /* not owned */
} Xep174FeaturePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (Xep174Feature, xep174_feature, G_TYPE_OBJECT)

enum
{
  PROP_PAYLOADS = 1,
  PROP_ANNOUNCES,
  PROP_HOST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static char *none[] = { NULL };

static Xep174FeaturePrivate *
get (Xep174Feature *self)
{
  return xep174_feature_get_instance_private (self);
}

static const char * const *
or_none (GStrv strings)
{
  return (const char * const *) (strings != NULL ? strings : none);
}

static void
set_host (Xep174Feature     *self,
          Xep174FeatureHost *host)
{
  get (self)->host = host;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOST]);
}

/* --- What its host asks of it -------------------------------------------------------------- */

/**
 * Xep174FeatureClass::attach:
 * @self: the feature
 * @host: where it is in use, see [property@Feature:host]
 *
 * The feature is in use from now on.
 *
 * Since: 1.0
 */

/**
 * Xep174FeatureClass::detach:
 * @self: the feature
 *
 * The feature is not in use any more: it was removed, or its host is going. Until this function
 * returns, [property@Feature:host] is what it was.
 *
 * Since: 1.0
 */

/**
 * Xep174FeatureClass::handle:
 * @self: the feature
 * @contact: the name of who has sent it
 * @stanza: a `message`, a `presence`, or an `iq` of type `get` or `set`; sealed
 * @payload: the first child of @stanza that is in one of [property@Feature:payloads]
 *
 * A contact has sent something that is for this feature.
 *
 * A message usually has a text, too, which other features and the program want to see: return %FALSE
 * then. If you return %TRUE for an `iq`, you must answer it with [method@FeatureHost.send_async], once. Of
 * an `iq` only the first child counts. Stanzas of type `error` or `result` are given to no feature: see
 * [method@FeatureHost.request_async].
 *
 * Returns: whether nobody else has to see the stanza
 *
 * Since: 1.0
 */

/**
 * Xep174FeatureClass::decorate:
 * @self: the feature
 * @contact: the name of whom it goes to
 * @outgoing: a `message`, `presence` or `iq` that is not sealed yet
 *
 * Something is about to be sent, and the feature may add to it. If that cannot be sent, the call that sends
 * fails.
 *
 * Since: 1.0
 */

void
xep174_feature_attach (Xep174Feature     *self,
                       Xep174FeatureHost *host)
{
  Xep174FeatureClass *klass = XEP174_FEATURE_GET_CLASS (self);

  set_host (self, host);
  /* Whoever is notified may have removed it. */
  if (get (self)->host == host && klass->attach != NULL)
    klass->attach (self, host);
}

void
xep174_feature_detach (Xep174Feature *self)
{
  Xep174FeatureClass *klass = XEP174_FEATURE_GET_CLASS (self);

  if (klass->detach != NULL)
    klass->detach (self);
  set_host (self, NULL);
}

gboolean
xep174_feature_handle (Xep174Feature *self,
                       const char    *contact,
                       Xep174Element *stanza,
                       Xep174Element *payload)
{
  Xep174FeatureClass *klass = XEP174_FEATURE_GET_CLASS (self);

  return klass->handle != NULL && klass->handle (self, contact, stanza, payload);
}

gboolean
xep174_feature_decorates (Xep174Feature *self)
{
  return XEP174_FEATURE_GET_CLASS (self)->decorate != NULL;
}

void
xep174_feature_decorate (Xep174Feature *self,
                         const char    *contact,
                         Xep174Element *outgoing)
{
  XEP174_FEATURE_GET_CLASS (self)->decorate (self, contact, outgoing);
}

/* --- The object ---------------------------------------------------------------------------- */

/**
 * xep174_feature_get_payloads:
 * @self: a feature
 *
 * The namespaces of what the feature is given.
 *
 * Returns: (transfer none) (array zero-terminated=1): see [property@Feature:payloads]
 *
 * Since: 1.0
 */
const char * const *
xep174_feature_get_payloads (Xep174Feature *self)
{
  g_return_val_if_fail (XEP174_IS_FEATURE (self), NULL);

  return or_none (get (self)->payloads);
}

/**
 * xep174_feature_get_announces:
 * @self: a feature
 *
 * What others are told that we can do.
 *
 * Returns: (transfer none) (array zero-terminated=1): see [property@Feature:announces]
 *
 * Since: 1.0
 */
const char * const *
xep174_feature_get_announces (Xep174Feature *self)
{
  g_return_val_if_fail (XEP174_IS_FEATURE (self), NULL);

  return or_none (get (self)->announces);
}

/**
 * xep174_feature_set_announces:
 * @self: a feature
 * @announces: (nullable) (array zero-terminated=1): the `var` of each feature of XEP-0030, %NULL for none
 *
 * Sets what others are told that we can do.
 *
 * Since: 1.0
 */
void
xep174_feature_set_announces (Xep174Feature      *self,
                              const char * const *announces)
{
  Xep174FeaturePrivate *priv;

  g_return_if_fail (XEP174_IS_FEATURE (self));

  priv = get (self);
  if (g_strv_equal (or_none (priv->announces), or_none ((GStrv) announces)))
    return;

  g_strfreev (priv->announces);
  priv->announces = g_strdupv ((GStrv) announces);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ANNOUNCES]);
}

/**
 * xep174_feature_get_host:
 * @self: a feature
 *
 * Where the feature is in use.
 *
 * Returns: (transfer none) (nullable): see [property@Feature:host]
 *
 * Since: 1.0
 */
Xep174FeatureHost *
xep174_feature_get_host (Xep174Feature *self)
{
  g_return_val_if_fail (XEP174_IS_FEATURE (self), NULL);

  return get (self)->host;
}

static void
xep174_feature_finalize (GObject *object)
{
  Xep174FeaturePrivate *priv = get (XEP174_FEATURE (object));

  g_strfreev (priv->payloads);
  g_strfreev (priv->announces);

  G_OBJECT_CLASS (xep174_feature_parent_class)->finalize (object);
}

static void
xep174_feature_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  Xep174Feature *self = XEP174_FEATURE (object);

  switch (prop_id)
    {
    case PROP_PAYLOADS:
      g_value_set_boxed (value, xep174_feature_get_payloads (self));
      break;
    case PROP_ANNOUNCES:
      g_value_set_boxed (value, xep174_feature_get_announces (self));
      break;
    case PROP_HOST:
      g_value_set_object (value, get (self)->host);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xep174_feature_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  Xep174Feature *self = XEP174_FEATURE (object);

  switch (prop_id)
    {
    case PROP_PAYLOADS:
      get (self)->payloads = g_value_dup_boxed (value);
      break;
    case PROP_ANNOUNCES:
      xep174_feature_set_announces (self, g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xep174_feature_class_init (Xep174FeatureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = xep174_feature_finalize;
  object_class->get_property = xep174_feature_get_property;
  object_class->set_property = xep174_feature_set_property;

  /**
   * Xep174Feature:payloads:
   *
   * The namespaces of what the feature is given: the children of a stanza that are in one of them.
   *
   * Since: 1.0
   */
  properties[PROP_PAYLOADS] =
    g_param_spec_boxed ("payloads", NULL, NULL, G_TYPE_STRV,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | flags);

  /**
   * Xep174Feature:announces:
   *
   * What others are told that we can do while the feature is in use: the `var` of each feature of
   * XEP-0030.
   *
   * Since: 1.0
   */
  properties[PROP_ANNOUNCES] =
    g_param_spec_boxed ("announces", NULL, NULL, G_TYPE_STRV, G_PARAM_READWRITE | flags);

  /**
   * Xep174Feature:host:
   *
   * Where the feature is in use, %NULL if it is not. The feature does not keep it alive.
   *
   * The host of a feature that was added to a [class@Client] is the [class@SessionManager] of the client.
   *
   * Since: 1.0
   */
  properties[PROP_HOST] =
    g_param_spec_object ("host", NULL, NULL, XEP174_TYPE_FEATURE_HOST, G_PARAM_READABLE | flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_feature_init (Xep174Feature *self)
{
}
