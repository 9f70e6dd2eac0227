package io.concordat.aggregator.people;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** A personal token, to be looked up; a type of its own, so that no other provider takes it. */
public final class PersonalTokenRequest extends BaseAuthenticationRequest {
  private final String token;

  PersonalTokenRequest(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }
}
