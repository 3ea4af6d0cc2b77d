// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a contract ({@code *.api}) may hold: interfaces, annotations, records, enums, exceptions, ports (classes named {@code …Port}, and
 * what such classes extend), and classes of nothing but constants. Nested and anonymous classes count like others; what the compiler adds
 * doesn't. An interface of nothing but static methods is a class in disguise.
 */
final class ContractRules {
  private static final String CONTRACT = ".api";
  private static final String PORT = "Port";
  private static final int NAMED = 3;

  private final BuiltClasses classes;
  private final Set<String> portBases = new TreeSet<>();

  private ContractRules(BuiltClasses classes) {
    this.classes = classes;
    classes.models().forEach((name, type) -> {
      if (isContract(name) && name.endsWith(PORT)) {
        for (String base = superclass(type); classes.models().containsKey(base); base = superclass(classes.models().get(base))) {
          portBases.add(base);
        }
      }
    });
  }

  /** What doesn't belong into a contract: the class, and what to do about it. */
  static SortedMap<String, String> violations(BuiltClasses classes) {
    ContractRules rules = new ContractRules(classes);
    SortedMap<String, String> found = new TreeMap<>();
    classes.models().forEach((name, type) -> {
      if (rules.isContract(name)) {
        String what = rules.machinery(name, type);
        if (!what.isEmpty()) {
          found.put(name, name + " is " + what + ", in a contract: " + rules.whereTo(name));
        }
      }
    });
    return found;
  }

  private boolean isContract(String name) {
    return classes.bundles().get(name).endsWith(CONTRACT);
  }

  /** What it is that it must not be; empty for what a contract may hold. */
  private String machinery(String name, ClassModel type) {
    Set<AccessFlag> flags = type.flags().flags();
    if (flags.contains(AccessFlag.SYNTHETIC)) {
      return "";
    }
    if (flags.contains(AccessFlag.INTERFACE)) {
      return isOnlyStatic(type) ? "an interface of nothing but static methods (" + methods(type) + ")" : "";
    }
    boolean allowed = flags.contains(AccessFlag.ENUM) || superclass(type).equals(Record.class.getName()) || isException(type)
        || name.endsWith(PORT) || portBases.contains(name) || isConstants(type);
    if (allowed) {
      return "";
    }
    if (name.matches(".*\\$\\d+")) {
      return "an anonymous class";
    }
    return "a class with code (" + methods(type) + ")";
  }

  private static boolean isOnlyStatic(ClassModel type) {
    return type.interfaces().isEmpty() && !type.methods().isEmpty() && type.methods().stream().allMatch(method -> has(method,
        AccessFlag.STATIC)) && type.methods().stream().anyMatch(method -> !method.methodName().equalsString("<clinit>"));
  }

  /** Its fields are constants, and nobody makes an object of it. */
  private static boolean isConstants(ClassModel type) {
    for (FieldModel field : type.fields()) {
      if (!field.flags().flags().contains(AccessFlag.STATIC) || !field.flags().flags().contains(AccessFlag.FINAL)) {
        return false;
      }
    }
    for (MethodModel method : type.methods()) {
      boolean maker = method.methodName().equalsString("<init>") && has(method, AccessFlag.PRIVATE) && method.methodType().equalsString(
          "()V");
      if (!maker && !method.methodName().equalsString("<clinit>")) {
        return false;
      }
    }
    return superclass(type).equals(Object.class.getName()) && type.interfaces().isEmpty() && !type.fields().isEmpty();
  }

  private boolean isException(ClassModel type) {
    String base = superclass(type);
    while (classes.models().containsKey(base)) {
      base = superclass(classes.models().get(base));
    }
    try {
      return Throwable.class.isAssignableFrom(Class.forName(base, false, ClassLoader.getPlatformClassLoader()));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String superclass(ClassModel type) {
    return type.superclass().map(base -> BuiltClasses.name(base.asInternalName())).orElse("");
  }

  private static String methods(ClassModel type) {
    Set<String> names = new TreeSet<>();
    for (MethodModel method : type.methods()) {
      String name = method.methodName().stringValue();
      if (!name.startsWith("<") && !name.startsWith("lambda$") && !has(method, AccessFlag.SYNTHETIC)) {
        names.add(name);
      }
    }
    String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.isEmpty() ? "constructors" : names.size() > NAMED ? first + " …" : first;
  }

  private static boolean has(MethodModel method, AccessFlag flag) {
    return method.flags().flags().contains(flag);
  }

  private String whereTo(String name) {
    String own = classes.bundles().get(name);
    Set<String> users = classes.users(name);
    if (users.isEmpty()) {
      return name.contains("$") ? "it goes where the class around it goes, or becomes a class of its own there"
          : "no other bundle uses it; it goes along with what uses it here";
    }
    if (users.size() == 1) {
      return "only " + users.iterator().next() + " uses it: move it there";
    }
    return "move it to " + own.substring(0, own.length() - CONTRACT.length()) + ".kit for its users, " + String.join(", ", users);
  }
}
