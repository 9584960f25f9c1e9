/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-trust-judge-private.h"

#include <string.h>

typedef enum
{
  NO,
  YES,
  EITHER,
} Answer;

/* T6.  The first row that fits.  Accepting adds a key to a name and takes none away, because many a
 * name is pi@raspberrypi. */
static const struct
{
  /* UNKNOWN: the key has no record. */
  Xep174Trust key;
  /* Whether that record has the name. */
  Answer named;
  /* Whether other keys have the name. */
  Answer others;
  Xep174Verdict verdict;
} verdicts[] = {
  { XEP174_TRUST_UNKNOWN,    NO,     NO,     { XEP174_TRUST_SEEN, TRUE } },
  { XEP174_TRUST_UNKNOWN,    NO,     YES,    { XEP174_TRUST_CHANGED, FALSE } },
  { XEP174_TRUST_SEEN,       YES,    EITHER, { XEP174_TRUST_SEEN, FALSE } },
  { XEP174_TRUST_SEEN,       NO,     NO,     { XEP174_TRUST_SEEN, TRUE } },
  { XEP174_TRUST_SEEN,       NO,     YES,    { XEP174_TRUST_CHANGED, FALSE } },
  { XEP174_TRUST_VERIFIED,   YES,    EITHER, { XEP174_TRUST_VERIFIED, FALSE } },
  { XEP174_TRUST_VERIFIED,   NO,     NO,     { XEP174_TRUST_VERIFIED, TRUE } },
  { XEP174_TRUST_VERIFIED,   NO,     YES,    { XEP174_TRUST_CHANGED, FALSE } },
  { XEP174_TRUST_DISTRUSTED, EITHER, EITHER, { XEP174_TRUST_DISTRUSTED, FALSE } },
};

static gboolean
fits (Answer   wanted,
      gboolean is)
{
  return wanted == EITHER || (wanted == YES) == is;
}

/* What the records say of one key and one name. */
typedef struct
{
  Xep174Trust key; /* UNKNOWN: the key has no record */
  gboolean named;
  gboolean others;
  guint n_names; /* of the key */
  guint n_seen;  /* names of all keys that nobody has compared */
} Facts;

static Facts
collect (GListModel *records,
         const char *name,
         const char *fingerprint)
{
  Facts facts = { XEP174_TRUST_UNKNOWN };

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      gboolean has_name = xep174_key_record_has_name (record, name);
      guint n_names = g_strv_length ((char **) xep174_key_record_get_names (record));

      if (xep174_key_record_get_trust (record) == XEP174_TRUST_SEEN)
        facts.n_seen += n_names;
      if (strcmp (xep174_key_record_get_fingerprint (record), fingerprint) == 0)
        {
          facts.key = xep174_key_record_get_trust (record);
          facts.named = has_name;
          facts.n_names = n_names;
        }
      else
        facts.others |= has_name;
    }

  return facts;
}

/* T7: nothing is dropped for it, so what there is no room for is not remembered. */
static Xep174Verdict
limit (Xep174Verdict  verdict,
       const Facts   *facts)
{
  const Xep174Verdict compared = { XEP174_TRUST_VERIFIED, FALSE };
  const Xep174Verdict unknown = { XEP174_TRUST_UNKNOWN, FALSE };

  if (!verdict.add)
    return verdict;
  if (verdict.trust == XEP174_TRUST_VERIFIED)
    return facts->n_names < XEP174_TRUST_MAX_NAMES_OF_KEY ? verdict : compared;

  return facts->n_seen < XEP174_TRUST_MAX_SEEN_NAMES ? verdict : unknown;
}

Xep174Verdict
xep174_trust_judge (GListModel *records,
                    const char *name,
                    const char *fingerprint)
{
  const Xep174Verdict none = { XEP174_TRUST_CHANGED, FALSE };
  Facts facts = collect (records, name, fingerprint);

  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (verdicts[i].key == facts.key && fits (verdicts[i].named, facts.named)
        && fits (verdicts[i].others, facts.others))
      return limit (verdicts[i].verdict, &facts);

  g_return_val_if_reached (none);
}

Xep174Trust
xep174_trust_find_name (GListModel *records,
                        const char *name)
{
  Xep174Trust found = XEP174_TRUST_UNKNOWN;

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      Xep174Trust trust = xep174_key_record_get_trust (record);

      if (xep174_key_record_has_name (record, name)
          && (found == XEP174_TRUST_UNKNOWN || found == XEP174_TRUST_DISTRUSTED
              || trust == XEP174_TRUST_SEEN))
        found = trust;
    }

  return found;
}

char *
xep174_trust_dup_old_key (GListModel *records,
                          const char *name,
                          const char *fingerprint)
{
  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      const char *key = xep174_key_record_get_fingerprint (record);

      if (xep174_key_record_has_name (record, name) && strcmp (key, fingerprint) != 0)
        return g_strdup (key);
    }

  return NULL;
}

Xep174KeyRecord *
xep174_trust_find_key (GListModel *records,
                       const char *fingerprint)
{
  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (strcmp (xep174_key_record_get_fingerprint (record), fingerprint) == 0)
        return g_steal_pointer (&record);
    }

  return NULL;
}

char *
xep174_trust_dup_only_name (GListModel *records,
                            const char *fingerprint)
{
  g_autoptr(Xep174KeyRecord) record = xep174_trust_find_key (records, fingerprint);
  const char *const *names = record != NULL ? xep174_key_record_get_names (record) : NULL;

  return names != NULL && g_strv_length ((char **) names) == 1 ? g_strdup (names[0]) : NULL;
}
