package io.concordat.e2e.tree;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The repository, as the running build left it. */
final class Tree {
  /** Surefire runs with the module as working folder. */
  static final Path ROOT = Path.of("").toAbsolutePath().resolve("..").normalize();

  /** Modules with classes of the product, by folder, with the package each one owns. */
  static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("crypto", "io.concordat.crypto"),
          Map.entry("native", "io.concordat.nativekernel"),
          Map.entry("privacy", "io.concordat.privacy"),
          Map.entry("audit", "io.concordat.audit"),
          Map.entry("protocol", "io.concordat.protocol"),
          Map.entry("policies", "io.concordat.policies"),
          Map.entry("verify", "io.concordat.verify"),
          Map.entry("homes", "io.concordat.homes"),
          Map.entry("aggregator", "io.concordat.aggregator"),
          Map.entry("silo-node", "io.concordat.silonode"),
          Map.entry("client", "io.concordat.client"),
          Map.entry("compliance-docs", "io.concordat.compliancedocs"));

  /** Libraries: what every service builds on, without a life of its own. */
  static final List<String> LIBRARIES =
      List.of("crypto", "native", "privacy", "audit", "protocol", "policies", "verify");

  private static final JavaClasses CLASSES = importAll();

  private Tree() {}

  /** All product classes. */
  static JavaClasses classes() {
    return CLASSES;
  }

  /** The product classes of some modules. */
  static JavaClasses classesOf(Collection<String> modules) {
    List<String> owned = modules.stream().map(PACKAGES::get).toList();
    return CLASSES.that(
        com.tngtech.archunit.base.DescribedPredicate.describe(
            "of " + modules,
            type -> owned.stream().anyMatch(name -> within(type.getPackageName(), name))));
  }

  /** Whether a package is the named one or below it. */
  static boolean within(String found, String name) {
    return found.equals(name) || found.startsWith(name + ".");
  }

  /** The class itself, or of an array its element. */
  static JavaClass element(JavaClass type) {
    return type.getBaseComponentType();
  }

  /** All files below a folder of the repository, build results and hidden folders left out. */
  static List<Path> files(String folder, Predicate<Path> wanted) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
      all.filter(Files::isRegularFile)
          .filter(file -> !isOutside(ROOT.relativize(file)))
          .filter(wanted)
          .sorted()
          .forEach(found::add);
    }
    return found;
  }

  private static boolean isOutside(Path relative) {
    for (Path name : relative) {
      String text = name.toString();
      if (text.equals("target") || text.startsWith(".") && !text.equals(".ci")) {
        return true;
      }
    }
    return false;
  }

  private static JavaClasses importAll() {
    List<Path> folders = new ArrayList<>();
    for (String module : PACKAGES.keySet()) {
      Path folder = ROOT.resolve(module).resolve("target/classes");
      if (!Files.isDirectory(folder.resolve("io/concordat"))) {
        throw new IllegalStateException(
            folder + " holds no classes: these tests need the whole build (./concordat test)");
      }
      folders.add(folder);
    }
    return new ClassFileImporter().importPaths(folders);
  }
}
