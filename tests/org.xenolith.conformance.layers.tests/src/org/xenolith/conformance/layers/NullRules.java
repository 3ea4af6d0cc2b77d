// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What JSpecify's annotations must say in bundles that are {@code @NullMarked}: where a {@code null} that stands in the source is returned,
 * kept in a field or passed as the last argument, the type is {@code @Nullable}. It is seen in the class files, so that it holds for what
 * was built; a null that comes from elsewhere isn't seen.
 */
final class NullRules {
  private static final String MARKED = "Lorg/jspecify/annotations/NullMarked;";
  private static final String NULLABLE = "Lorg/jspecify/annotations/Nullable;";
  private static final String PACKAGE = ".package-info";

  private final BuiltClasses classes;
  private final Predicate<String> marked;
  private final SortedMap<String, String> found = new TreeMap<>();

  private NullRules(BuiltClasses classes, Predicate<String> marked) {
    this.classes = classes;
    this.marked = marked;
  }

  /**
   * What breaks the rules: the package or member, and what to do about it.
   *
   * @param marked whether the packages of a bundle are to be {@code @NullMarked}, by its symbolic name
   */
  static SortedMap<String, String> violations(BuiltClasses classes, Predicate<String> marked) {
    NullRules rules = new NullRules(classes, marked);
    classes.models().forEach(rules::look);
    return rules.found;
  }

  private void look(String name, ClassModel type) {
    if (!marked.test(classes.bundles().get(name))) {
      return;
    }
    String in = name.substring(0, name.lastIndexOf('.'));
    ClassModel info = classes.models().get(in + PACKAGE);
    if (info == null || info.findAttribute(Attributes.runtimeVisibleAnnotations()).stream().flatMap(a -> a.annotations().stream()).map(
        Annotation::className).noneMatch(text -> text.equalsString(MARKED))) {
      found.put(in, in + " isn't @NullMarked: say so in its package-info.java, with org.jspecify.jspecify in build.properties");
    }
    for (MethodModel method : type.methods()) {
      if (!method.flags().has(AccessFlag.SYNTHETIC)) {
        method.code().ifPresent(code -> look(name, method, code));
      }
    }
  }

  private void look(String name, MethodModel method, CodeModel code) {
    List<CodeElement> elements = code.elementList();
    Map<Label, Integer> labels = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LabelTarget target) {
        labels.put(target.label(), i);
      }
    }
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof Instruction instruction && instruction.opcode() == Opcode.ACONST_NULL) {
        user(elements, labels, i + 1).ifPresent(user -> used(name, method, user));
      }
    }
  }

  /** The instruction that takes what was pushed before a place. */
  private static Optional<Instruction> user(List<CodeElement> elements, Map<Label, Integer> labels, int from) {
    int i = from;
    for (int steps = 0; i < elements.size() && steps < elements.size(); steps++) {
      if (elements.get(i) instanceof BranchInstruction branch && (branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W)) {
        i = labels.get(branch.target());
      } else if (elements.get(i) instanceof Instruction instruction && instruction.opcode() != Opcode.CHECKCAST) {
        return Optional.of(instruction);
      } else {
        i++;
      }
    }
    return Optional.empty();
  }

  private void used(String name, MethodModel method, Instruction user) {
    if (user.opcode() == Opcode.ARETURN) {
      if (!nullable(annotations(method), target -> target instanceof TypeAnnotation.EmptyTarget)) {
        found.put(name + "." + method.methodName(), name + "." + method.methodName() + " returns null: have it return a @Nullable type");
      }
    } else if (user instanceof FieldInstruction field && (field.opcode() == Opcode.PUTFIELD || field.opcode() == Opcode.PUTSTATIC)) {
      String owner = BuiltClasses.name(field.owner().asInternalName());
      ClassModel type = ours(owner);
      if (type != null && type.fields().stream().filter(f -> f.fieldName().equals(field.name())).noneMatch(f -> nullable(f.findAttribute(
          Attributes.runtimeVisibleTypeAnnotations()), target -> target instanceof TypeAnnotation.EmptyTarget))) {
        found.put(owner + "." + field.name(), owner + "." + field.name() + " is set to null: have it a @Nullable type");
      }
    } else if (user instanceof InvokeInstruction call) {
      passed(name, call);
    }
  }

  /** A null as the last argument. What the compiler adds to the parameters of a constructor comes first, so the last counts from behind. */
  private void passed(String name, InvokeInstruction call) {
    String owner = BuiltClasses.name(call.owner().asInternalName());
    ClassModel type = ours(owner);
    if (type == null) {
      return;
    }
    for (MethodModel method : type.methods()) {
      int last = method.methodTypeSymbol().parameterCount() - 1;
      if (method.methodName().equals(call.name()) && method.methodTypeSymbol().equals(call.typeSymbol()) && last >= 0 && !method.flags()
          .has(AccessFlag.SYNTHETIC) && !method.flags().has(AccessFlag.VARARGS) && !nullable(annotations(method),
              target -> target instanceof TypeAnnotation.FormalParameterTarget parameter && parameter.formalParameterIndex() == written(
                  type,
                  method) - 1)) {
        String what = owner + "." + method.methodName() + method.methodTypeSymbol().displayDescriptor();
        found.put(what, name + " passes null to " + what + ": have the last parameter a @Nullable type");
      }
    }
  }

  /** How many parameters the source has. */
  private static int written(ClassModel type, MethodModel method) {
    return method.findAttribute(Attributes.signature()).map(s -> s.asMethodSignature().arguments().size()).orElseGet(() -> method
        .methodTypeSymbol().parameterCount() - (method.methodName().equalsString("<init>") ? added(type) : 0));
  }

  /** How many parameters the compiler puts before those of the source: name and number of an enum's constant, the outer object. */
  private static int added(ClassModel type) {
    if (type.superclass().filter(base -> base.asInternalName().equals("java/lang/Enum")).isPresent()) {
      return 2;
    }
    return type.fields().stream().anyMatch(field -> field.fieldName().stringValue().startsWith("this$")) ? 1 : 0;
  }

  /** A class that is to keep the rules; null for others. */
  private ClassModel ours(String name) {
    ClassModel type = classes.models().get(name);
    return type != null && marked.test(classes.bundles().get(name)) ? type : null;
  }

  private static Optional<RuntimeVisibleTypeAnnotationsAttribute> annotations(MethodModel method) {
    return method.findAttribute(Attributes.runtimeVisibleTypeAnnotations());
  }

  /** Whether a type itself, not what it has in brackets or angles, is {@code @Nullable}. */
  private static boolean nullable(Optional<RuntimeVisibleTypeAnnotationsAttribute> annotations, Predicate<
      TypeAnnotation.TargetInfo> where) {
    List<TypeAnnotation> all = new ArrayList<>();
    annotations.ifPresent(a -> all.addAll(a.annotations()));
    return all.stream().anyMatch(a -> a.annotation().className().equalsString(NULLABLE) && where.test(a.targetInfo()) && a.targetPath()
        .stream().allMatch(part -> part.typePathKind() == TypeAnnotation.TypePathComponent.Kind.INNER_TYPE));
  }
}
