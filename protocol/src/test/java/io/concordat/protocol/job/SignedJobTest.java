package io.concordat.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.policy.PolicyFixture;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SignedJobTest {
  private static final byte[] FILE = JobFiles.PRIVATE.getBytes(StandardCharsets.UTF_8);
  private static final SigningKey KEY = PolicyFixture.policyKey("a data scientist");

  @Test
  void aSignedJobVerifiesAndIsKnownByItsBytes() throws Exception {
    SignedJob job = SignedJob.sign(FILE, KEY);
    SignedJob read = SignedJob.verified(job.file(), job.submitter(), job.signature()).orThrow();
    assertThat(read).isEqualTo(job);
    assertThat(read.digest()).isEqualTo(Digests.sha256(FILE));
    assertThat(read.specification().orThrow().name()).isEqualTo("heart-disease-risk");
  }

  @Test
  void anyAlteredByteOfFileOrSignatureIsRefused() {
    SignedJob job = SignedJob.sign(FILE, KEY);
    for (int i = 0; i < FILE.length; i += 7) {
      byte[] altered = FILE.clone();
      altered[i] ^= 1;
      refuses(SignedJob.verified(altered, job.submitter(), job.signature()));
    }
    for (int i = 0; i < 64; i++) {
      byte[] altered = job.signature();
      altered[i] ^= 1;
      refuses(SignedJob.verified(FILE, job.submitter(), altered));
    }
    refuses(SignedJob.verified(FILE, job.submitter(), new byte[0]));
  }

  @Test
  void anotherSubmitterOrDomainIsRefused() {
    SignedJob job = SignedJob.sign(FILE, KEY);
    refuses(SignedJob.verified(FILE, PolicyFixture.nodeVerifyingKey("cleveland"), job.signature()));
    refuses(SignedJob.verified(FILE, KEY.verifyingKey(), KEY.sign("concordat/policy/1", FILE)));
  }

  private static void refuses(Outcome<SignedJob> outcome) {
    assertThat(outcome.refusals()).extracting(r -> r.code()).containsExactly(Code.JOB_SIGNATURE);
  }
}
