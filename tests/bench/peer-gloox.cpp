/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <gloox/parser.h>
#include <gloox/tag.h>
#include <gloox/taghandler.h>

#include <cstdlib>
#include <string>

namespace
{

class Handler : public gloox::TagHandler
{
  public:
    Handler () : parser (this) {}
    /* The parser deletes it. */
    void handleTag (gloox::Tag *) override {}

    gloox::Parser parser;
};

void *
start ()
{
  return new Handler;
}

void
feed (void   *handler,
      char   *octets,
      size_t  length)
{
  std::string data (octets, length);

  if (static_cast<Handler *> (handler)->parser.feed (data) != -1)
    std::abort ();
}

void
stop (void *handler)
{
  delete static_cast<Handler *> (handler);
}

size_t
write_message ()
{
  gloox::Tag message ("message");

  message.addAttribute ("from", PEER_FROM);
  message.addAttribute ("to", PEER_TO);
  message.addAttribute ("type", "chat");
  message.addAttribute ("id", PEER_ID);
  new gloox::Tag (&message, "body", PEER_BODY);
  return message.xml ().length ();
}

}

extern "C" const Peer peer = { start, feed, stop, write_message };
