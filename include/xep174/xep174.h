/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-version.h"
#include "xep174-directory.h"
#include "xep174-trust.h"
#include "xep174-common-enums.h"

#include "xep174-stream-error.h"
#include "xep174-element.h"
#include "xep174-stream-parser.h"
#include "xep174-stream-writer.h"
#include "xep174-stream-enums.h"

#include "xep174-status.h"
#include "xep174-profile.h"
#include "xep174-contact.h"
#include "xep174-discovery.h"
#include "xep174-manual-discovery.h"
#include "xep174-avahi-discovery.h"
#include "xep174-embedded-discovery.h"
#include "xep174-default-discovery.h"
#include "xep174-discovery-enums.h"

#include "xep174-trust-error.h"
#include "xep174-key-record.h"
#include "xep174-trust-store.h"
#include "xep174-memory-trust-store.h"
#include "xep174-file-trust-store.h"
#include "xep174-identity.h"
#include "xep174-trust-enums.h"

#include "xep174-session-error.h"
#include "xep174-feature.h"
#include "xep174-feature-host.h"
#include "xep174-session.h"
#include "xep174-session-manager.h"
#include "xep174-session-enums.h"

#include "xep174-chat-states.h"
#include "xep174-corrections.h"
#include "xep174-transfer.h"
#include "xep174-files.h"
#include "xep174-reactions.h"
#include "xep174-receipts.h"
#include "xep174-replies.h"
#include "xep174-retractions.h"
#include "xep174-styled-text.h"
#include "xep174-styling.h"
#include "xep174-features-enums.h"

#include "xep174-message.h"
#include "xep174-conversation.h"
#include "xep174-client.h"
#include "xep174-client-enums.h"
