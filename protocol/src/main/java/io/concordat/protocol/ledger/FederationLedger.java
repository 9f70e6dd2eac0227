package io.concordat.protocol.ledger;

/** The log, replayed entry by entry. */
public final class FederationLedger {}
