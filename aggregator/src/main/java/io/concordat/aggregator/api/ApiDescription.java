package io.concordat.aggregator.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.aggregator.problem.Problem;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Completes the OpenAPI document with what is known elsewhere: every problem code with its sentence
 * and remedy, at each operation an example of each problem that its description names, and an
 * example of every body from {@code openapi/examples.json}.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ApiDescription implements OASFilter {
  /** A code, or a family of codes such as {@code job.*}, as descriptions name them. */
  private static final Pattern NAMED = Pattern.compile("[a-z][a-z-]*\\.(\\*|[a-z][a-z-]*)");

  @Override
  public void filterOpenAPI(OpenAPI document) {
    Map<String, Object> examples = examples();
    if (document.getComponents() == null) {
      return;
    }
    for (Code code : Code.values()) {
      document
          .getComponents()
          .addExample(
              key(code), OASFactory.createExample().summary(code.sentence()).value(problem(code)));
    }
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    if (schemas != null) {
      schemas.forEach((name, schema) -> {
        if (name.equals("Problem") && schema.getProperties() != null) {
          Schema code = schema.getProperties().get("code");
          if (code != null) {
            code.setEnumeration(Arrays.stream(Code.values()).map(c -> (Object) c.text()).toList());
          }
        }
        if (examples.containsKey(name)) {
          schema.setExamples(List.of(examples.get(name)));
        }
      });
    }
    if (document.getPaths() != null && document.getPaths().getPathItems() != null) {
      document
          .getPaths()
          .getPathItems()
          .values()
          .forEach(item -> item.getOperations().values().forEach(ApiDescription::complete));
    }
  }

  private static void complete(Operation operation) {
    if (operation.getResponses() == null || operation.getResponses().getAPIResponses() == null) {
      return;
    }
    for (APIResponse response : operation.getResponses().getAPIResponses().values()) {
      MediaType problem =
          response.getContent() == null
              ? null
              : response.getContent().getMediaType(Problem.MEDIA_TYPE);
      if (problem == null || response.getDescription() == null) {
        continue;
      }
      for (Code code : named(response.getDescription())) {
        problem.addExample(
            code.text(), OASFactory.createExample().ref("#/components/examples/" + key(code)));
      }
    }
  }

  /** The codes that a description names, families written out. */
  static List<Code> named(String description) {
    List<Code> codes = new ArrayList<>();
    NAMED
        .matcher(description)
        .results()
        .map(match -> match.group())
        .forEach(name ->
            Arrays.stream(Code.values())
                .filter(code ->
                    name.endsWith("*")
                        ? code.text().startsWith(name.substring(0, name.length() - 1))
                        : code.text().equals(name))
                .forEach(codes::add));
    return codes;
  }

  private static String key(Code code) {
    return "problem." + code.text();
  }

  private static Map<String, Object> problem(Code code) {
    Problem problem = Problem.of(Refusal.of(code, "what was found and what was expected"));
    Map<String, Object> example = new LinkedHashMap<>();
    example.put("type", problem.type());
    example.put("title", problem.title());
    example.put("status", problem.status());
    example.put("detail", problem.detail());
    example.put("code", problem.code());
    example.put("hint", problem.hint());
    return example;
  }

  /** Bodies by the name of their schema. */
  static Map<String, Object> examples() {
    try (InputStream in = ApiDescription.class.getResourceAsStream("/openapi/examples.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi/examples.json is not in this build");
      }
      return new ObjectMapper().readValue(in, new TypeReference<Map<String, Object>>() {});
    } catch (IOException ours) {
      throw new UncheckedIOException(ours);
    }
  }
}
