package io.concordat.privacy.noise;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The noise package computes with integers: no float or double in a signature, a field, a call or
 * an instruction.
 */
class NoFloatingPointTest {

  private static final Set<String> FLOATING =
      Set.of("float", "double", "java.lang.Float", "java.lang.Double", "[D", "[F");

  private static final JavaClasses NOISE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.concordat.privacy.noise");

  @Test
  void noFieldSignatureOrCallHasFloatingPoint() {
    assertThat(NOISE).isNotEmpty();
    classes().should(new HaveNoFloatingPoint()).check(NOISE);
  }

  @Test
  void noInstructionComputesInFloatingPoint() throws IOException {
    List<String> offenders = new ArrayList<>();
    for (JavaClass type : NOISE) {
      String file = "/" + type.getName().replace('.', '/') + ".class";
      try (InputStream in =
          Objects.requireNonNull(NoFloatingPointTest.class.getResourceAsStream(file))) {
        ClassModel model = ClassFile.of().parse(in.readAllBytes());
        for (MethodModel method : model.methods()) {
          method
              .code()
              .ifPresent(code -> {
                if (computesInFloatingPoint(code)) {
                  offenders.add(type.getName() + "." + method.methodName().stringValue());
                }
              });
        }
      }
    }
    assertThat(offenders).isEmpty();
  }

  private static boolean computesInFloatingPoint(CodeModel code) {
    return code.elementStream()
        .filter(Instruction.class::isInstance)
        .anyMatch(element ->
            switch (element) {
              case OperatorInstruction i -> isFloating(i.typeKind());
              case ConvertInstruction i -> isFloating(i.fromType()) || isFloating(i.toType());
              case LoadInstruction i -> isFloating(i.typeKind());
              case StoreInstruction i -> isFloating(i.typeKind());
              default -> false;
            });
  }

  private static boolean isFloating(TypeKind kind) {
    return kind == TypeKind.DOUBLE || kind == TypeKind.FLOAT;
  }

  private static final class HaveNoFloatingPoint extends ArchCondition<JavaClass> {

    HaveNoFloatingPoint() {
      super("have no floating point");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      type.getFields()
          .forEach(field -> report(type, field.getRawType(), field.getFullName(), events));
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        report(type, unit.getRawReturnType(), unit.getFullName(), events);
        unit.getRawParameterTypes()
            .forEach(parameter -> report(type, parameter, unit.getFullName(), events));
        for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
          report(type, access.getTargetOwner(), access.getDescription(), events);
        }
        unit.getMethodCallsFromSelf()
            .forEach(call -> {
              report(type, call.getTarget().getRawReturnType(), call.getDescription(), events);
              call.getTarget()
                  .getRawParameterTypes()
                  .forEach(p -> report(type, p, call.getDescription(), events));
            });
      }
    }

    private static void report(
        JavaClass type, JavaClass seen, String where, ConditionEvents events) {
      if (FLOATING.contains(seen.getName())) {
        events.add(SimpleConditionEvent.violated(type, where + " uses " + seen.getName()));
      }
    }
  }
}
