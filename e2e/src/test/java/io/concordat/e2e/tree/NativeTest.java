package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What breaks a native executable and no test on Java: a file that is not packed, a class whose
 * members are looked up unannounced, and static state that was made of the machine that built it.
 * Building one takes minutes; this takes a second.
 */
class NativeTest {
  /** Who packs these itself: Quarkus, Flyway, ServiceLoader's registration, Java. */
  private static final Pattern PACKED_BY_OTHERS =
      Pattern.compile(
          "application\\.properties|db/.*\\.sql|META-INF/(services|native-image|maven)/.*"
              + "|META-INF/(jandex\\.idx|beans\\.xml|MANIFEST\\.MF|quarkus.*)");

  /** Programs of the tree that are no native executables. */
  private static final Set<String> ON_JAVA_ONLY = Set.of("compliance-docs");

  /**
   * Whatever these answer belongs to the machine or the moment. As a prefix of class and method.
   */
  private static final List<String> OF_THE_MACHINE =
      List.of(
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.System.load",
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.console",
          "java.lang.Boolean.getBoolean",
          "java.lang.Integer.getInteger",
          "java.lang.Long.getLong",
          "java.lang.Runtime.",
          "java.lang.ProcessHandle.",
          "java.lang.ProcessBuilder.",
          "java.lang.Thread.start",
          "java.lang.management.",
          "java.io.File",
          "java.nio.file.Files.",
          "java.nio.channels.FileChannel.",
          "java.net.InetAddress.",
          "java.net.Socket.",
          "java.net.http.",
          "java.security.SecureRandom.",
          "java.util.Random.",
          "java.util.UUID.randomUUID",
          "java.util.ServiceLoader.",
          "java.util.Locale.getDefault",
          "java.util.TimeZone.getDefault",
          "java.util.concurrent.Executors.",
          "java.util.concurrent.ThreadLocalRandom.",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.ZoneId.systemDefault");

  /** Classes with native halves: reached from a static block they would load the builder's. */
  private static final String NATIVE_CALLS = "io.concordat.nativekernel.NativeLibrary.load";

  @Test
  void everyFileThatTheProgramsCarryIsListedForTheExecutables() throws IOException {
    List<String> faults = new ArrayList<>();
    for (String module : Tree.PACKAGES.keySet()) {
      if (ON_JAVA_ONLY.contains(module)) {
        continue;
      }
      Path classes = Tree.ROOT.resolve(module).resolve("target/classes");
      List<String> globs = packed(classes);
      for (String file : filesOf(classes)) {
        if (!PACKED_BY_OTHERS.matcher(file).matches()
            && globs.stream().noneMatch(glob -> matches(glob, file))) {
          faults.add(module + ": " + file);
        }
      }
    }
    assertThat(faults)
        .as(
            "name them under resources in the module's META-INF/native-image/…/reachability-metadata.json")
        .isEmpty();
  }

  @Test
  void everyProviderThatIsFoundAtRunTimeIsListedWithItsFile() throws IOException {
    List<String> faults = new ArrayList<>();
    int found = 0;
    for (String module : Tree.PACKAGES.keySet()) {
      Path classes = Tree.ROOT.resolve(module).resolve("target/classes");
      List<String> globs = packed(classes);
      Set<String> known = reflected(classes);
      for (String file : filesOf(classes)) {
        // Quarkus sees to the services of its own; it switches ServiceLoader's others off.
        if (!file.startsWith("META-INF/services/io.concordat.")) {
          continue;
        }
        if (globs.stream().noneMatch(glob -> matches(glob, file))) {
          faults.add(module + ": " + file);
        }
        for (String provider : Files.readAllLines(classes.resolve(file))) {
          if (!provider.isBlank()) {
            found++;
            if (!known.contains(provider.strip())) {
              faults.add(module + ": " + provider.strip());
            }
          }
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(found).as("providers").isGreaterThanOrEqualTo(4);
  }

  private static Set<String> reflected(Path classes) throws IOException {
    Set<String> types = new TreeSet<>();
    for (JsonNode entry : metadata(classes, "reflection")) {
      types.add(entry.path("type").asText());
    }
    return types;
  }

  @Test
  void theListsOfFilesNameFilesThatAreThere() throws IOException {
    List<String> faults = new ArrayList<>();
    for (String module : List.of("aggregator", "policies", "native")) {
      Path classes = Tree.ROOT.resolve(module).resolve("target/classes");
      List<String> globs = packed(classes);
      assertThat(globs).as(module).isNotEmpty();
      List<String> files = filesOf(classes);
      for (String glob : globs) {
        // The C kernels are missing where there is no compiler.
        if (!glob.startsWith("META-INF/native/")
            && files.stream().noneMatch(file -> matches(glob, file))) {
          faults.add(module + ": " + glob);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyRecordThatBecomesJsonIsRegistered() {
    assertThat(unregistered("aggregator", "io.concordat.aggregator", "io.concordat.aggregator"))
        .as("add them to io.concordat.aggregator.JsonTypes")
        .isEmpty();
    assertThat(unregistered("silo-node", "io.concordat.silonode.console", "io.concordat.silonode"))
        .as("add them to io.concordat.silonode.JsonTypes")
        .isEmpty();
  }

  @Test
  void jacksonIsGivenTreesOnlyOutsideTheServicesResources() {
    List<String> faults = new ArrayList<>();
    Set<String> binding =
        Set.of(
            "readValue",
            "convertValue",
            "treeToValue",
            "valueToTree",
            "writeValue",
            "writeValueAsBytes");
    for (JavaClass type : Tree.classesOf(List.of("client", "homes", "verify", "silo-node"))) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        if (access.getTargetOwner().getName().equals("com.fasterxml.jackson.databind.ObjectMapper")
            && binding.contains(access.getTarget().getName())) {
          faults.add(access.getDescription());
        }
      }
    }
    assertThat(faults)
        .as("read trees and write trees: members of our classes are not known")
        .isEmpty();
  }

  /** An executable knows the protocols of {@link java.net.URL} that its build was told of. */
  @Test
  void urlsAreOpenedByProtocolsThatTheCommandLinesBuildNames() throws IOException {
    List<String> openers = new ArrayList<>();
    for (JavaClass type : Tree.classesOf(List.of("client", "homes", "verify"))) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        if (access.getTargetOwner().getName().equals("java.net.URI")
            && access.getTarget().getName().equals("toURL")) {
          openers.add(type.getName());
        }
      }
    }
    assertThat(openers)
        .as("health, by http; whoever opens another protocol adds it to native-image.sh, too")
        .containsOnly("io.concordat.client.demo.ServiceProcess");
    assertThat(Files.readString(Tree.ROOT.resolve("client/native-image.sh")))
        .contains("--enable-url-protocols=http,https ");
  }

  @Test
  void noStaticStateIsMadeOfTheMachineThatBuilds() {
    Map<String, List<JavaCodeUnit>> units = new HashMap<>();
    for (JavaClass type : Tree.classes()) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        units
            .computeIfAbsent(key(unit.getOwner(), unit.getName()), k -> new ArrayList<>())
            .add(unit);
      }
    }
    List<String> faults = new ArrayList<>();
    for (JavaClass type : Tree.classes()) {
      type.getStaticInitializer().ifPresent(block -> walk(block, units, faults));
    }
    assertThat(faults)
        .as("static state reaches the machine: a native executable would keep the builder's")
        .isEmpty();
  }

  /** Everything that may run from a static block, by the names of methods of our classes. */
  private static void walk(
      JavaCodeUnit block, Map<String, List<JavaCodeUnit>> units, List<String> faults) {
    Set<String> seen = new HashSet<>();
    Deque<JavaCodeUnit> open = new ArrayDeque<>();
    open.add(block);
    while (!open.isEmpty()) {
      JavaCodeUnit unit = open.poll();
      if (!seen.add(unit.getFullName())) {
        continue;
      }
      for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
        String target = access.getTargetOwner().getName() + "." + access.getTarget().getName();
        if (OF_THE_MACHINE.stream().anyMatch(target::startsWith) || target.equals(NATIVE_CALLS)) {
          faults.add(block.getOwner().getName() + " by " + unit.getFullName() + ": " + target);
        }
        open.addAll(
            units.getOrDefault(
                key(access.getTargetOwner(), access.getTarget().getName()), List.of()));
      }
    }
  }

  private static String key(JavaClass owner, String member) {
    return owner.getName() + "." + member;
  }

  private static Set<String> unregistered(String module, String below, String list) {
    Set<String> listed = new TreeSet<>();
    Set<String> records = new TreeSet<>();
    for (JavaClass type : Tree.classesOf(List.of(module))) {
      if (type.getName().equals(list + ".JsonTypes")) {
        JavaAnnotation<JavaClass> annotation =
            type.getAnnotationOfType("io.quarkus.runtime.annotations.RegisterForReflection");
        for (JavaClass target : (JavaClass[]) annotation.get("targets").orElseThrow()) {
          listed.add(target.getName());
        }
      }
      if (type.isRecord()
          && type.getModifiers().contains(JavaModifier.PUBLIC)
          && Tree.within(type.getPackageName(), below)
          && isJson(type)) {
        records.add(type.getName());
      }
    }
    assertThat(listed).isNotEmpty();
    records.removeAll(listed);
    return records;
  }

  /** Of a resource's class, or described for the API's document. */
  private static boolean isJson(JavaClass type) {
    return type.isAnnotatedWith("org.eclipse.microprofile.openapi.annotations.media.Schema")
        || type.getEnclosingClass()
            .filter(outer -> outer.isAnnotatedWith("jakarta.ws.rs.Path"))
            .isPresent();
  }

  private static List<String> packed(Path classes) throws IOException {
    return metadata(classes, "resources").stream().map(r -> r.path("glob").asText()).toList();
  }

  private static List<JsonNode> metadata(Path classes, String section) throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    Path folder = classes.resolve("META-INF/native-image");
    if (!Files.isDirectory(folder)) {
      return entries;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.endsWith("reachability-metadata.json")).toList()) {
        new ObjectMapper().readTree(file.toFile()).path(section).forEach(entries::add);
      }
    }
    return entries;
  }

  private static boolean matches(String glob, String file) {
    return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(file));
  }

  private static List<String> filesOf(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> classes.relativize(file).toString())
          .filter(file -> !file.endsWith(".class"))
          .sorted()
          .toList();
    }
  }
}
