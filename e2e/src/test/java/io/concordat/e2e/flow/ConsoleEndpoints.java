package io.concordat.e2e.flow;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.concordat.client.demo.Programs;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a node's console offers, read off its compiled resources: nobody can forget to list one. */
final class ConsoleEndpoints {
  private static final String RS = "jakarta.ws.rs.";
  private static final Set<String> VERBS =
      Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");

  private ConsoleEndpoints() {}

  /** Each as method and path. */
  static Set<String> compiled() throws IOException {
    Set<String> found = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .importPath(Programs.ofThisProcess().root().resolve("silo-node/target/classes"))) {
      Optional<String> root = path(type);
      if (root.isEmpty()) {
        continue;
      }
      for (JavaMethod method : type.getMethods()) {
        for (JavaAnnotation<?> annotation : method.getAnnotations()) {
          String name = annotation.getRawType().getName();
          if (name.startsWith(RS) && VERBS.contains(name.substring(RS.length()))) {
            found.add(
                name.substring(RS.length())
                    + " "
                    + root.get()
                    + path(method).map(p -> "/" + p).orElse(""));
          }
        }
      }
    }
    return found;
  }

  private static Optional<String> path(HasAnnotations<?> place) {
    return place
        .tryGetAnnotationOfType(RS + "Path")
        .map(path -> String.valueOf(path.get("value").orElse("")));
  }
}
