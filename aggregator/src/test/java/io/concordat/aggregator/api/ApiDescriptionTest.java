package io.concordat.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.concordat.aggregator.audit.AuditPack;
import io.concordat.protocol.refusal.Code;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the OpenAPI document are bodies that this program would write or take. */
final class ApiDescriptionTest {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final Map<String, Class<?>> BODIES =
      Map.ofEntries(
          Map.entry("JobSubmission", JobResource.Submission.class),
          Map.entry("Job", JobView.class),
          Map.entry("Round", JobResource.RoundView.class),
          Map.entry("JobEvent", JobEvents.JobEvent.class),
          Map.entry("UploadsEvent", JobEvents.UploadsEvent.class),
          Map.entry("Release", ReleaseResource.ReleaseView.class),
          Map.entry("AuditPack", AuditResource.PackView.class),
          Map.entry("AuditPackFile", AuditPack.FileView.class),
          Map.entry("PolicyReference", FederationResource.PolicyView.class),
          Map.entry("LogHead", FederationResource.LogView.class),
          Map.entry("Institution", FederationResource.InstitutionView.class),
          Map.entry("Template", TemplateResource.TemplateView.class),
          Map.entry("TemplateSubmission", TemplateResource.Submission.class),
          Map.entry("Federation", FederationResource.FederationView.class),
          Map.entry("Dataset", FederationResource.DatasetView.class),
          Map.entry("TokenRequest", TokenResource.TokenRequest.class),
          Map.entry("Token", TokenResource.TokenView.class),
          Map.entry("PolicyVersion", PolicyResource.VersionView.class),
          Map.entry("PolicyActivation", PolicyResource.Activation.class),
          Map.entry("PolicyActivated", PolicyResource.ActivatedView.class),
          Map.entry("SignedFreeze", PolicyResource.FreezeFile.class),
          Map.entry("LogPlace", PolicyResource.PlaceView.class),
          Map.entry("FreezeState", PolicyResource.FreezeView.class));

  @Test
  void everyExampleIsReadByTheTypeItIsAnExampleOfAndWrittenBackTheSame() throws Exception {
    Map<String, Object> examples = ApiDescription.examples();
    for (Map.Entry<String, Object> example : examples.entrySet()) {
      if (example.getKey().equals("AuditEntry")) {
        // Its entry is the leaf's own JSON, written as it is and read by nobody here.
        continue;
      }
      JsonNode tree = asSent(example.getValue());
      Class<?> body = BODIES.get(example.getKey());
      assertThat(body).as(example.getKey()).isNotNull();
      assertThat(asSent(JSON.treeToValue(tree, body))).as(example.getKey()).isEqualTo(tree);
    }
    assertThat(examples.keySet()).containsAll(BODIES.keySet());
  }

  private static JsonNode asSent(Object body) throws Exception {
    return JSON.readTree(JSON.writeValueAsBytes(body));
  }

  @Test
  void descriptionsNameCodesOneByOneAndByFamily() {
    assertThat(ApiDescription.named("auth.failed, request.malformed; `code` says which"))
        .containsExactly(Code.AUTH_FAILED, Code.REQUEST_MALFORMED);
    assertThat(ApiDescription.named("job.*"))
        .isNotEmpty()
        .allMatch(code -> code.text().startsWith("job."));
  }
}
