package io.concordat.protocol.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.MlDsaSignature;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.SubmitterEndorsed;
import io.concordat.protocol.testing.Handmade;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endorsements carry ML-DSA beside Ed25519, under a policy that names both keys of a node. */
class LastingStatementsTest {
  private final Handmade log = new Handmade();
  private SubmitterEndorsed endorsement;

  @BeforeEach
  void begin() {
    log.begun();
    endorsement =
        new SubmitterEndorsed(SigningKey.fromSeed(new byte[32]).verifyingKey(), "ada", "silo-0");
  }

  /** Signed with the first key by Ed25519 and with the second by ML-DSA. */
  private static SignedStatement signed(
      SubmitterEndorsed endorsement, SigningKey classic, Optional<SigningKey> lasting) {
    StatementSigner one = StatementSigner.of(classic);
    return SignedStatement.sign(
        endorsement,
        new StatementSigner() {
          @Override
          public VerifyingKey key() {
            return one.key();
          }

          @Override
          public byte[] sign(String domain, byte[] bytes) {
            return one.sign(domain, bytes);
          }

          @Override
          public byte[] signForeign(byte[] message) {
            return one.signForeign(message);
          }

          @Override
          public Optional<MlDsaSignature> signLasting(String domain, byte[] bytes) {
            return lasting.map(k -> k.mlDsa(MlDsaKey.Level.ML_DSA_65).sign(domain, bytes));
          }
        });
  }

  private SigningKey key(String name) {
    return Optional.ofNullable(log.keys.get(name)).orElseThrow();
  }

  private Optional<Code> answer(SignedStatement signed) {
    return log.append("silo-0", signed).reason().map(Refusal::code);
  }

  @Test
  void bothSignaturesOfTheNodeMakeAnEndorsement() {
    assertThat(answer(signed(endorsement, key("silo-0"), Optional.of(key("silo-0"))))).isEmpty();
    assertThat(log.ledger.endorsement(endorsement.submitter())).contains(endorsement);
  }

  @Test
  void ed25519AloneEndorsesNobody() {
    assertThat(answer(signed(endorsement, key("silo-0"), Optional.empty())))
        .contains(Code.STATEMENT_SIGNER);
    assertThat(log.ledger.endorsement(endorsement.submitter())).isEmpty();
  }

  @Test
  void anMlDsaSignatureByAnotherMembersOrAStrangersKeyEndorsesNobody() {
    for (String other : new String[] {"silo-1", "stranger", "aggregator"}) {
      assertThat(answer(signed(endorsement, key("silo-0"), Optional.of(key(other)))))
          .as(other)
          .contains(Code.STATEMENT_SIGNER);
    }
    assertThat(log.ledger.endorsement(endorsement.submitter())).isEmpty();
  }

  @Test
  void mlDsaBesideAnotherMembersEd25519EndorsesNobody() {
    assertThat(answer(signed(endorsement, key("silo-1"), Optional.of(key("silo-0")))))
        .contains(Code.STATEMENT_SIGNER);
  }

  @Test
  void anAlteredMlDsaSignatureIsNoStatementAtAll() throws Exception {
    SignedStatement good = signed(endorsement, key("silo-0"), Optional.of(key("silo-0")));
    MlDsaSignature lasting = good.lasting().orElseThrow();
    byte[] altered = lasting.bytes();
    altered[1700] ^= 1;
    assertThatThrownBy(() ->
            SignedStatement.verify(
                StatementType.SUBMITTER_ENDORSED,
                good.bytes(),
                good.signer(),
                good.signature(),
                Optional.of(MlDsaSignature.of(lasting.key().bytes(), altered))))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("ML-DSA");
    assertThat(SignedStatement.read(CanonicalJson.parseObject(good.json().bytes())))
        .isEqualTo(good);
    assertThat(SignedStatement.stored(good.json())).isEqualTo(good);
  }

  @Test
  void noOtherStatementCarriesASecondSignature() {
    Freeze freeze = new Freeze("silo-0", 1, "a breach");
    SigningKey key = key("silo-0");
    SignedStatement signed = SignedStatement.sign(freeze, StatementSigner.of(key));
    assertThat(signed.lasting()).isEmpty();
    MlDsaSignature stray =
        key.mlDsa(MlDsaKey.Level.ML_DSA_65).sign(freeze.type().domain(), freeze.bytes());
    assertThatThrownBy(() ->
            SignedStatement.verify(
                StatementType.FREEZE,
                signed.bytes(),
                signed.signer(),
                signed.signature(),
                Optional.of(stray)))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void aLeafKeepsBothSignatures() throws Exception {
    SignedStatement good = signed(endorsement, key("silo-0"), Optional.of(key("silo-0")));
    LogEntry entry =
        new LogEntry(log.time, Handmade.FEDERATION, 1, Digests.sha256("a policy"), "silo-0", good);
    assertThat(LogEntry.read(entry.bytes()).signed()).isEqualTo(good);
    assertThat(entry.bytes().length).isLessThan(LogLeaf.MAX_BYTES);
  }
}
