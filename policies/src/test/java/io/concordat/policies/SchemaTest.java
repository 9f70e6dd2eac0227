package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The published schema and the reader say the same of a file's form. */
class SchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path SCHEMA = Path.of("schema", "policy-1.schema.json");

  @Test
  void theSchemaIsASchema() throws Exception {
    JsonSchema meta =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SchemaId.V202012));
    assertThat(meta.validate(JSON.readTree(SCHEMA.toFile()))).isEmpty();
  }

  @Test
  void examplesHaveTheSchemasForm() throws Exception {
    JsonSchema schema = schema();
    for (String name : List.of("hospital-consortium", "bank-consortium")) {
      assertThat(schema.validate(YAML.readTree(example(name)))).isEmpty();
    }
    assertThat(schema.validate(YAML.readTree(ExamplesTest.demoPolicy(Instant.EPOCH)))).isEmpty();
  }

  /**
   * Every member of an example, altered in a dozen ways: whatever the schema refuses the reader
   * refuses, and whatever the reader refuses for its form the schema refuses.
   */
  @Test
  void schemaAndReaderAgreeOnEveryAlteredField() throws Exception {
    JsonSchema schema = schema();
    int altered = 0;
    for (String name : List.of("hospital-consortium")) {
      JsonNode original = YAML.readTree(example(name));
      for (String pointer : pointers(original)) {
        if (pointer.matches("/institutions/[1-9].*|/datasets/0/columns/[2-9]/.*")) {
          continue; // Of the same kind as the first.
        }
        for (Alteration alteration : alterations()) {
          JsonNode copy = original.deepCopy();
          if (!alteration.apply(copy, pointer)) {
            continue;
          }
          altered++;
          boolean form = schema.validate(copy).isEmpty();
          List<Refusal> refusals = PolicyReader.read("f", JSON.writeValueAsBytes(copy)).refusals();
          String what = alteration.name() + " at " + pointer + " of " + name;
          if (!form) {
            assertThat(refusals).as("schema refuses, reader takes: %s", what).isNotEmpty();
          } else {
            assertThat(refusals)
                .as("reader refuses the form, schema takes it: %s", what)
                .noneMatch(r -> r.code() == Code.FILE_FIELD || r.code() == Code.FILE_SYNTAX);
          }
        }
      }
    }
    assertThat(altered).isGreaterThan(800);
  }

  private record Alteration(String name, boolean ofParent, Consumer<Spot> change) {
    boolean apply(JsonNode root, String pointer) {
      int slash = pointer.lastIndexOf('/');
      JsonNode parent = root.at(pointer.substring(0, slash));
      change.accept(new Spot(parent, pointer.substring(slash + 1)));
      return true;
    }
  }

  private record Spot(JsonNode parent, String key) {
    void set(JsonNode value) {
      if (parent instanceof ObjectNode object) {
        object.set(key, value);
      } else {
        ((ArrayNode) parent).set(Integer.parseInt(key), value);
      }
    }

    void remove() {
      if (parent instanceof ObjectNode object) {
        object.remove(key);
      } else {
        ((ArrayNode) parent).remove(Integer.parseInt(key));
      }
    }

    void rename() {
      if (parent instanceof ObjectNode object) {
        JsonNode value = Objects.requireNonNull(object.remove(key));
        object.set(key + "X", value);
      }
    }
  }

  private static List<Alteration> alterations() {
    return List.of(
        new Alteration("removed", true, Spot::remove),
        new Alteration("renamed", true, Spot::rename),
        new Alteration("group", false, s -> s.set(JSON.createObjectNode())),
        new Alteration("empty list", false, s -> s.set(JSON.createArrayNode())),
        new Alteration("list", false, s -> s.set(JSON.createArrayNode().add("a b"))),
        new Alteration("words", false, s -> s.set(JSON.getNodeFactory().textNode("A b"))),
        new Alteration("blank", false, s -> s.set(JSON.getNodeFactory().textNode(" "))),
        new Alteration("negative", false, s -> s.set(JSON.getNodeFactory().numberNode(-1))),
        new Alteration("large", false, s -> s.set(JSON.getNodeFactory().numberNode(1L << 52))),
        new Alteration("true", false, s -> s.set(JSON.getNodeFactory().booleanNode(true))),
        new Alteration("null", false, s -> s.set(JSON.getNodeFactory().nullNode())),
        new Alteration("fraction", false, s -> s.set(JSON.getNodeFactory().numberNode(0.5))));
  }

  private static List<String> pointers(JsonNode root) {
    List<String> out = new ArrayList<>();
    collect(root, "", out);
    return out;
  }

  private static void collect(JsonNode node, String at, List<String> out) {
    if (node instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(name -> {
            out.add(at + "/" + name);
            collect(object.get(name), at + "/" + name, out);
          });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        out.add(at + "/" + i);
        collect(array.get(i), at + "/" + i, out);
      }
    }
  }

  private static byte[] example(String name) throws Exception {
    return Files.readAllBytes(ExamplesTest.EXAMPLES.resolve(name).resolve("policy.yaml"));
  }

  private static JsonSchema schema() throws Exception {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(JSON.readTree(SCHEMA.toFile()));
  }
}
