/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The worlds that are explored, in families: what is asked of the two sides, times what may go
 * wrong, times who the other side is. */

#include "explore-families.h"

#include <string.h>

#define ALL_FAULTS                                                                              \
  (FAULT_REFUSED | FAULT_HOLE | FAULT_RESET | FAULT_SILENT | FAULT_KILLED | FAULT_POWER         \
   | FAULT_GARBAGE | FAULT_BLOCKED)

/* One side's script and the other's. */
typedef const char *const Scripts[2];

static Scripts quiet[] = {
  { "m", "" }, { "", "m" }, { "o", "" }, { "", "o" }, { "o", "o" }, { "m", "m" }, { "o", "m" },
  { "m", "o" }, { "mm", "m" }, { "m", "mm" }, { "mm", "mm" }, { "mmm", "m" }, { "m", "mmm" },
  { "mmm", "mm" }, { "mm", "mmm" }, { "mmm", "mmm" }, { NULL, NULL },
};

static Scripts closing[] = {
  { "c", "m" }, { "mc", "" }, { "", "mc" }, { "mc", "m" }, { "m", "mc" }, { "oc", "m" },
  { "m", "oc" }, { "omc", "o" }, { "mc", "mc" }, { "mcm", "m" }, { "m", "mcm" }, { "mcm", "mm" },
  { "mm", "mcm" }, { "mcm", "mcm" }, { "mmc", "mmc" }, { "mcmcm", "m" }, { "mmcm", "mcm" },
  { NULL, NULL },
};

/* A dial of its own that wocky gives up makes it refuse ours meanwhile: once is enough. */
static Scripts closing_once[] = {
  { "mc", "" }, { "", "mc" }, { "mc", "m" }, { "m", "mc" }, { "mcm", "m" }, { "m", "mcm" },
  { "mcm", "mm" }, { "mm", "mcm" }, { "mmc", "mmc" }, { "mmcm", "mmm" }, { NULL, NULL },
};

static Scripts probing[] = {
  { "mp", "m" }, { "m", "mp" }, { "mpm", "mp" }, { "op", "p" }, { "mpc", "mm" },
  { "mpcm", "mcm" }, { NULL, NULL },
};

static Scripts stopping[] = {
  { "ms", "m" }, { "m", "ms" }, { "ms", "ms" }, { "mms", "mm" }, { "mcms", "m" }, { NULL, NULL },
};

static Scripts faulty[] = {
  { "m", "" }, { "", "m" }, { "m", "m" }, { "mm", "m" }, { "m", "mm" }, { "mm", "mm" },
  { "o", "m" }, { "mc", "m" }, { "m", "mc" }, { "mcm", "m" }, { "m", "mcm" }, { "mcm", "mm" },
  { "mmm", "mmm" }, { "mpm", "m" }, { NULL, NULL },
};

static Scripts few[] = {
  { "m", "m" }, { "mm", "m" }, { "m", "mm" }, { "mm", "mm" }, { "mcm", "m" }, { "m", "mcm" },
  { NULL, NULL },
};

static Scripts talking[] = {
  { "m", "m" }, { "mm", "m" }, { "m", "mm" }, { "mm", "mm" }, { NULL, NULL },
};

static Scripts closing_few[] = { { "mcm", "m" }, { "m", "mcm" }, { NULL, NULL } };

static Scripts probing_tls[] = { { "mp", "m" }, { "m", "mp" }, { "op", "p" }, { NULL, NULL } };

static Scripts again[] = { { "m", "" }, { "", "m" }, { "mm", "" }, { "m", "m" }, { NULL, NULL } };

static Scripts opening[] = { { "o", "" }, { "o", "m" }, { "o", "o" }, { NULL, NULL } };

static Scripts alone[] = { { "m", "" }, { "", "m" }, { "mm", "" }, { "m", "m" }, { NULL, NULL } };

static Scripts once[] = { { "m", "" }, { "", "m" }, { NULL, NULL } };

static Scripts resumed[] = {
  { "m", "" }, { "", "m" }, { "m", "m" }, { "mm", "m" }, { "m", "mm" }, { "mpm", "m" }, { NULL, NULL },
};

static Scripts pair[] = { { "m", "m" }, { "mm", "m" }, { NULL, NULL } };

/* Another connection beside the one that is talked on. */
static Scripts second[] = {
  { "mdm", "" }, { "mdm", "m" }, { "mdmm", "m" }, { "mdm", "mm" }, { "mdmdm", "m" },
  { "", "mdm" }, { "m", "mdm" }, { "m", "mdmm" }, { "mm", "mdm" }, { "m", "mdmdm" },
  { NULL, NULL },
};

static Scripts large[] = {
  { "mcm", "mcm" }, { "mmm", "mmm" }, { "mcmm", "mmcm" }, { "mpcm", "mcm" }, { NULL, NULL },
};

/* Which faults may happen, one set after the other, ended by 0; the first may be none at all. */
static const guint each_fault[] = {
  FAULT_REFUSED, FAULT_HOLE, FAULT_RESET, FAULT_SILENT, FAULT_KILLED, FAULT_POWER, FAULT_GARBAGE,
  FAULT_BLOCKED, 0,
};
static const guint any_fault[] = { ALL_FAULTS, 0 };
static const guint lost_dials[] = { FAULT_REFUSED | FAULT_HOLE, 0 };
static const guint broken[] = { FAULT_RESET | FAULT_SILENT | FAULT_POWER, 0 };
static const guint silent[] = { FAULT_SILENT, 0 };
static const guint power[] = { FAULT_POWER, 0 };
static const guint wrong[] = { FAULT_WRONG, 0 };
static const guint no_fault[] = { 0, 0 };

static const guint handshake[] = {
  FAULT_TLS, FAULT_RESET, FAULT_SILENT, FAULT_KILLED, FAULT_POWER, FAULT_GARBAGE,
  FAULT_REFUSED | FAULT_HOLE, 0,
};
static const guint any_break[] = { FAULT_TLS | FAULT_RESET | FAULT_SILENT | FAULT_POWER, 0 };
static const guint forged[] = { FAULT_STRIP, FAULT_FORGE, FAULT_STRIP | FAULT_TLS, 0 };
static const guint handshake_breaks[] = {
  FAULT_TLS, FAULT_REFUSED | FAULT_HOLE, FAULT_BLOCKED, 0,
};
static const guint breaks[] = { FAULT_RESET, FAULT_SILENT, 0 };
static const guint calls[] = { FAULT_CALL, 0 };
static const guint calls_on_kept[] = { FAULT_CALL | FAULT_SILENT, FAULT_CALL | FAULT_RESET, 0 };
static const guint calls_and_breaks[] = { FAULT_CALL | FAULT_SILENT, FAULT_CALL | FAULT_POWER, 0 };

/* Both encrypt; both have seen the other's key; and what both expect is not what is shown. */
#define ENCRYPTED .policy = { POLICY_PREFER, POLICY_PREFER }
#define KNOWN     ENCRYPTED, .record = { KEY_FIRST, KEY_FIRST }
#define ACKNOWLEDGED KNOWN, .acks = { TRUE, TRUE }
#define KNOWN_TO_STRANGERS                                                                      \
  ENCRYPTED, .record = { KEY_FIRST | KEY_STRANGER, KEY_FIRST | KEY_STRANGER }, .acks = { TRUE, TRUE }
#define MAY_FAIL  .may_fail = { TRUE, TRUE }

static const Family families[] = {
  { "ours/quiet", quiet, no_fault, { 0 } },
  { "ours/closing", closing, no_fault, { 0 } },
  { "ours/probing", probing, no_fault, { 0 } },
  { "ours/stopping", stopping, no_fault, { .may_fail = { TRUE, TRUE } } },
  { "ours/nobody-knows-the-address", faulty, no_fault, { .no_courtesy = TRUE } },
  { "ours/one-fault", faulty, each_fault, { .faults = 1 } },
  { "ours/probing-and-break", probing, silent, { .faults = 1 } },
  { "ours/two-faults", few, any_fault, { .faults = 2 } },
  { "ours/early-timer", faulty, no_fault, { .early = 1 } },
  { "ours/two-early-timers", few, no_fault, { .early = 2 } },
  { "ours/fault-and-early-timer", pair, any_fault, { .faults = 1, .early = 1 } },
  { "ours/one-way", faulty, no_fault, { .deaf = { FALSE, TRUE }, .may_fail = { FALSE, TRUE } } },
  { "ours/other-way", faulty, no_fault, { .deaf = { TRUE, FALSE }, .may_fail = { TRUE, FALSE } } },
  { "ours/two-addresses", few, each_fault, { .faults = 1, .two_addresses = TRUE } },
  { "ours/wrong-address", faulty, wrong, { .faults = 2, .two_addresses = TRUE } },
  { "ours/impatient", faulty, power, { .faults = 1, .impatient = { TRUE, TRUE } } },

  { "tls/quiet", quiet, no_fault, { ENCRYPTED } },
  { "tls/known", quiet, no_fault, { KNOWN } },
  { "tls/require", few, no_fault, { .policy = { POLICY_REQUIRE, POLICY_REQUIRE } } },
  { "tls/closing", closing, no_fault, { ENCRYPTED } },
  { "tls/probing", probing_tls, no_fault, { KNOWN } },
  { "tls/stopping", stopping, no_fault, { ENCRYPTED, MAY_FAIL } },
  { "tls/one-does-not", quiet, no_fault, { .policy = { POLICY_PREFER, POLICY_OFF } }, TRUE },
  { "tls/one-requires", few, no_fault,
    { .policy = { POLICY_REQUIRE, POLICY_OFF }, MAY_FAIL }, TRUE },
  { "tls/changed", again, no_fault, { ENCRYPTED, .record = { KEY_SECOND }, MAY_FAIL }, TRUE },
  { "tls/added", few, no_fault,
    { ENCRYPTED, .record = { KEY_FIRST | KEY_SECOND }, .key = { KEY_FIRST, KEY_SECOND } }, TRUE },
  { "tls/distrusted", again, no_fault,
    { ENCRYPTED, .record = { KEY_DISTRUSTED, KEY_FIRST }, MAY_FAIL }, TRUE },
  { "tls/one-fault", few, handshake, { ENCRYPTED, .faults = 1 } },
  { "tls/one-fault-opening", opening, handshake, { ENCRYPTED, .faults = 1 } },
  { "tls/two-faults", pair, any_break, { ENCRYPTED, .faults = 2 } },
  { "tls/early-timer", few, no_fault, { ENCRYPTED, .early = 1 } },
  { "tls/fault-and-early-timer", alone, any_break, { ENCRYPTED, .faults = 1, .early = 1 } },
  { "tls/one-way", few, no_fault,
    { ENCRYPTED, .deaf = { FALSE, TRUE }, .may_fail = { FALSE, TRUE } } },
  { "tls/forged", alone, forged, { KNOWN, .faults = 1, MAY_FAIL } },
  { "tls/forged-first", alone, forged, { ENCRYPTED, .faults = 1, MAY_FAIL } },
  { "tls/called", alone, calls, { KNOWN, .faults = 1 } },
  { "tls/called-early", alone, calls, { KNOWN, .faults = 1, .early = 1 } },
  { "tls/called-and-broken", once, calls_and_breaks, { KNOWN, .faults = 2 } },
  { "tls/impatient", pair, power, { KNOWN, .faults = 1, .impatient = { TRUE, TRUE } } },
  { "tls/purple", few, no_fault, { .kinds = { KIND_PURPLE }, ENCRYPTED }, TRUE },
  { "tls/wocky", few, no_fault, { .kinds = { KIND_WOCKY }, ENCRYPTED }, TRUE },
  { "tls/kopete", few, no_fault, { .kinds = { KIND_KOPETE }, ENCRYPTED }, TRUE },
  { "tls/swiften", few, no_fault, { .kinds = { KIND_SWIFTEN }, ENCRYPTED }, TRUE },
  { "tls/purple-required", few, no_fault,
    { .kinds = { KIND_PURPLE }, .policy = { POLICY_REQUIRE, POLICY_REQUIRE }, MAY_FAIL }, TRUE },
  { "tls/wocky-required", few, no_fault,
    { .kinds = { KIND_WOCKY }, .policy = { POLICY_REQUIRE, POLICY_REQUIRE }, MAY_FAIL }, TRUE },
  { "tls/kopete-required", few, no_fault,
    { .kinds = { KIND_KOPETE }, .policy = { POLICY_REQUIRE, POLICY_REQUIRE }, MAY_FAIL }, TRUE },

  { "acks/quiet", quiet, no_fault, { ACKNOWLEDGED, .keeps_all = TRUE } },
  { "acks/closing", closing, no_fault, { ACKNOWLEDGED } },
  { "acks/one-break", resumed, breaks, { ACKNOWLEDGED, .faults = 1, .keeps_all = TRUE } },
  { "acks/probing", probing_tls, silent, { ACKNOWLEDGED, .faults = 1, .keeps_all = TRUE } },
  { "acks/two-breaks", alone, breaks, { ACKNOWLEDGED, .faults = 2, .keeps_all = TRUE } },
  { "acks/other-faults", alone, handshake, { ACKNOWLEDGED, .faults = 1 } },
  { "acks/handshake", alone, handshake_breaks, { ACKNOWLEDGED, .faults = 1, .keeps_all = TRUE } },
  { "acks/early-timer", alone, no_fault, { ACKNOWLEDGED, .early = 1, .keeps_all = TRUE } },
  { "acks/break-and-early-timer", once, breaks, { ACKNOWLEDGED, .faults = 1, .early = 1 } },
  { "acks/stopping", stopping, no_fault, { ACKNOWLEDGED, MAY_FAIL } },
  { "acks/refused", alone, breaks, { ACKNOWLEDGED, .refuses = { TRUE, TRUE }, .faults = 1 } },
  { "acks/one-does-not", alone, breaks, { KNOWN, .acks = { TRUE, FALSE }, .faults = 1 }, TRUE },
  { "acks/called", once, calls_on_kept, { KNOWN_TO_STRANGERS, .faults = 2, MAY_FAIL } },
  { "acks/forged", once, forged, { ACKNOWLEDGED, .faults = 1, MAY_FAIL } },

  { "purple/quiet", quiet, no_fault, { .kinds = { KIND_PURPLE } }, TRUE },
  { "purple/closing", closing, no_fault, { .kinds = { KIND_PURPLE } }, TRUE },
  { "purple/lost-dials", faulty, lost_dials, { .kinds = { KIND_PURPLE }, .faults = 2 }, TRUE },
  { "purple/wrong-address", faulty, wrong,
    { .kinds = { KIND_PURPLE }, .faults = 1, .two_addresses = TRUE }, TRUE },
  { "purple/broken", faulty, broken, { .kinds = { KIND_PURPLE }, .faults = 1 }, TRUE },
  { "purple/early-timer", faulty, no_fault, { .kinds = { KIND_PURPLE }, .early = 1 }, TRUE },

  { "wocky/quiet", quiet, no_fault, { .kinds = { KIND_WOCKY } }, TRUE },
  { "wocky/closing", closing_once, no_fault, { .kinds = { KIND_WOCKY } }, TRUE },
  { "wocky/idle", quiet, no_fault, { .kinds = { KIND_WOCKY }, .idle_close = TRUE }, TRUE },
  /* It has no patience of its own: a dial that is lost makes it refuse us until TCP gives up. */
  { "wocky/lost-dials", faulty, lost_dials,
    { .kinds = { KIND_WOCKY }, .faults = 2, .may_fail = { TRUE, TRUE } }, TRUE },
  { "wocky/wrong-address", faulty, wrong,
    { .kinds = { KIND_WOCKY }, .faults = 1, .two_addresses = TRUE }, TRUE },
  { "wocky/broken", faulty, broken,
    { .kinds = { KIND_WOCKY }, .faults = 1, .may_fail = { TRUE, TRUE } }, TRUE },
  { "wocky/early-timer", faulty, no_fault,
    { .kinds = { KIND_WOCKY }, .early = 1, .may_fail = { TRUE, TRUE } }, TRUE },

  { "kopete/quiet", quiet, no_fault, { .kinds = { KIND_KOPETE } }, TRUE },
  { "kopete/closing", closing, no_fault, { .kinds = { KIND_KOPETE } }, TRUE },
  { "kopete/lost-dials", faulty, lost_dials, { .kinds = { KIND_KOPETE }, .faults = 2 }, TRUE },
  { "kopete/wrong-address", faulty, wrong,
    { .kinds = { KIND_KOPETE }, .faults = 1, .two_addresses = TRUE }, TRUE },
  { "kopete/broken", faulty, broken, { .kinds = { KIND_KOPETE }, .faults = 1 }, TRUE },
  { "kopete/early-timer", faulty, no_fault, { .kinds = { KIND_KOPETE }, .early = 1 }, TRUE },

  { "swiften/quiet", quiet, no_fault, { .kinds = { KIND_SWIFTEN } }, TRUE },
  { "swiften/second", second, no_fault, { .kinds = { KIND_SWIFTEN } }, TRUE },

  { "nameless/quiet", quiet, no_fault, { .kinds = { KIND_PURPLE }, .nameless = { TRUE } }, TRUE },
  { "nameless/closing", closing, no_fault,
    { .kinds = { KIND_PURPLE }, .nameless = { TRUE } }, TRUE },
  { "nameless/pipelining", closing, no_fault,
    { .kinds = { KIND_KOPETE }, .nameless = { TRUE } }, TRUE },
};

static const Family deep_families[] = {
  { "deep/closing", large, any_fault, { .faults = 1 } },
  { "deep/early-timer", large, no_fault, { .early = 1 } },
  { "deep/two-faults", faulty, any_fault, { .faults = 2 } },
  { "deep/fault-and-early-timer", few, any_fault, { .faults = 1, .early = 1 } },
  { "deep/three-faults", pair, any_fault, { .faults = 3, .may_fail = { TRUE, TRUE } } },
  { "deep/tls-closing", large, any_break, { ENCRYPTED, .faults = 1 } },
  { "deep/tls-probing", probing, silent, { KNOWN, .faults = 1 } },
  { "deep/tls-one-fault", faulty, each_fault, { ENCRYPTED, .faults = 1 } },
  { "deep/tls-two-faults", talking, any_break, { ENCRYPTED, .faults = 2 } },
  /* A close that meets a handshake is a third dial that failed, and there are three (S7): two faults
   * and a close may fail a message. In the clear it would be heard before the footer. */
  { "deep/tls-closing-two-faults", closing_few, any_break, { ENCRYPTED, .faults = 2, MAY_FAIL } },
  { "deep/tls-fault-and-early-timer", few, any_break, { ENCRYPTED, .faults = 1, .early = 1 } },
  { "deep/tls-forged", pair, forged, { KNOWN, .faults = 2, MAY_FAIL } },
  { "deep/tls-called", pair, calls_and_breaks, { KNOWN, .faults = 2, .early = 1, MAY_FAIL } },
  { "deep/acks-closing", large, breaks, { ACKNOWLEDGED, .faults = 1 } },
  { "deep/acks-two-breaks", few, breaks, { ACKNOWLEDGED, .faults = 2, MAY_FAIL } },
  { "deep/acks-other-faults", faulty, handshake, { ACKNOWLEDGED, .faults = 1 } },
  { "deep/purple", large, any_fault, { .kinds = { KIND_PURPLE }, .faults = 2,
                                       .may_fail = { TRUE, TRUE } }, TRUE },
  { "deep/wocky", large, any_fault, { .kinds = { KIND_WOCKY }, .faults = 2,
                                      .may_fail = { TRUE, TRUE } }, TRUE },
  { "deep/kopete", large, any_fault, { .kinds = { KIND_KOPETE }, .faults = 2,
                                       .may_fail = { TRUE, TRUE } }, TRUE },
};

const Family *
explore_families (gboolean deep,
                  guint   *n)
{
  *n = deep ? G_N_ELEMENTS (deep_families) : G_N_ELEMENTS (families);

  return deep ? deep_families : families;
}

static void
swap_sides (Config *config)
{
  SideKind kind = config->kinds[0];
  gboolean nameless = config->nameless[0];
  Policy policy = config->policy[0];
  guint8 record = config->record[0], key = config->key[0];
  gboolean acks = config->acks[0];

  config->kinds[0] = config->kinds[1];
  config->kinds[1] = kind;
  config->nameless[0] = config->nameless[1];
  config->nameless[1] = nameless;
  config->policy[0] = config->policy[1];
  config->policy[1] = policy;
  config->record[0] = config->record[1];
  config->record[1] = record;
  config->key[0] = config->key[1];
  config->key[1] = key;
  config->acks[0] = config->acks[1];
  config->acks[1] = acks;
}

/* Who can do what is asked of it: the others know messages and closing only, and none but one makes a
 * second connection. */
static gboolean
can_play (const Config *config)
{
  for (guint side = 0; side < 2; side++)
    {
      const char *script = config->scripts[side];
      const char *known = config->kinds[side] == KIND_OURS ? "mocps"
                          : config->kinds[side] == KIND_SWIFTEN ? "mcd" : "mc";

      if (strspn (script, known) != strlen (script))
        return FALSE;
    }

  return TRUE;
}

void
explore_family (const Family *family,
                void        (*visit) (const Config *config,
                                      gpointer      data),
                gpointer      data)
{
  for (guint i = 0; family->scripts[i][0] != NULL; i++)
    for (guint j = 0; j == 0 || family->fault_kinds[j] != 0; j++)
      for (guint swapped = 0; swapped <= (family->both_ways ? 1 : 0); swapped++)
        {
          Config config = family->config;

          config.scripts[0] = family->scripts[i][0];
          config.scripts[1] = family->scripts[i][1];
          config.fault_kinds = family->fault_kinds[j];
          if (swapped)
            swap_sides (&config);
          if (can_play (&config))
            visit (&config, data);
        }
}

static void
append_side (GString      *name,
             const Config *config,
             guint         side)
{
  static const char *const kinds[] = { "ours", "purple", "wocky", "kopete", "swiften" };

  static const char *const policies[] = { "", " prefer", " require" };

  g_string_append_printf (name, "%s:%s%s%s%s%s", kinds[config->kinds[side]],
                          config->scripts[side][0] != '\0' ? config->scripts[side] : "-",
                          config->deaf[side] ? " deaf" : "",
                          config->nameless[side] ? " nameless" : "",
                          config->impatient[side] ? " impatient" : "",
                          policies[config->policy[side]]);
  if (config->acks[side])
    g_string_append (name, " acks");
  if (config->record[side] != 0)
    g_string_append_printf (name, " knows %x", config->record[side]);
}

char *
explore_config_name (const Config *config)
{
  static const char *const faults[] = {
    "refused", "hole", "reset", "silent", "killed", "power", "garbage", "blocked",
    "wrong", "tls", "strip", "forge", "call",
  };
  GString *name = g_string_new (NULL);

  append_side (name, config, 0);
  g_string_append (name, " | ");
  append_side (name, config, 1);
  if (config->early > 0)
    g_string_append_printf (name, ", %u early", config->early);
  if (config->faults > 0)
    g_string_append_printf (name, ", %u of", config->faults);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    if (config->faults > 0 && config->fault_kinds & 1u << i)
      g_string_append_printf (name, " %s", faults[i]);
  if (config->idle_close)
    g_string_append (name, ", idle close");
  if (config->two_addresses)
    g_string_append (name, ", two addresses");
  if (config->no_courtesy)
    g_string_append (name, ", no courtesy");

  return g_string_free (name, FALSE);
}
