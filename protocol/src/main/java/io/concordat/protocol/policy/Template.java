package io.concordat.protocol.policy;

import io.concordat.crypto.bulk.Digest;

/** An uploaded model graph that two institutions reviewed, known by its digest. */
public record Template(Digest digest, String name) {
  public Template {
    Ids.check(!name.isBlank(), "a template has a name");
  }
}
