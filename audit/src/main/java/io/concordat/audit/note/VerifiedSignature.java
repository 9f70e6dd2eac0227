package io.concordat.audit.note;

import java.util.OptionalLong;

/**
 * A key's good signature.
 *
 * @param second when it says it was made, in seconds since 1970, for dated types
 */
public record VerifiedSignature(NoteKey key, OptionalLong second) {}
