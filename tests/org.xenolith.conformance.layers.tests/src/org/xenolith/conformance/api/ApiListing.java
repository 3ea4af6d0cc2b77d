// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.xenolith.conformance.layers.BuiltBundle;

/**
 * The exported packages of a bundle and what of them others can compile against: public and protected types and
 * members, one line each, with descriptors, generic signatures and the values of constants.
 *
 * @param packages each exported package
 */
record ApiListing(SortedMap<String, ExportedPackage> packages) {

  /**
   * One exported package.
   *
   * @param version its version in Export-Package
   * @param lines its types and members
   */
  record ExportedPackage(String version, Set<String> lines) {}

  private static final String HEADER = "package ";

  /** Reads the classes of a bundle's exported packages. */
  static ApiListing of(BuiltBundle bundle) {
    SortedMap<String, ExportedPackage> packages = new TreeMap<>();
    bundle.exports().forEach((name, version) -> packages.put(name, new ExportedPackage(version, new TreeSet<>())));
    try (JarFile jar = new JarFile(bundle.jar().toFile())) {
      for (var entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        int slash = entry.getName().lastIndexOf('/');
        ExportedPackage exported =
            slash < 0 ? null : packages.get(entry.getName().substring(0, slash).replace('/', '.'));
        if (exported != null) {
          try (InputStream code = jar.getInputStream(entry)) {
            exported.lines().addAll(lines(code.readAllBytes()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(bundle.jar() + ": " + e.getMessage(), e);
    }
    return new ApiListing(packages);
  }

  /** The lines of one class; none when it is not visible outside its package. */
  static List<String> lines(byte[] code) {
    ClassModel type = ClassFile.of().parse(code);
    String flags = typeFlags(type);
    List<String> lines = new ArrayList<>();
    if (!isVisible(flags)) {
      return lines;
    }
    String name = type.thisClass().asInternalName().replace('/', '.');
    String shape = type.findAttribute(Attributes.signature()).map(s -> s.signature().stringValue())
        .orElseGet(() -> type.superclass().map(s -> s.asInternalName()).orElse("") + type.interfaces().stream()
            .map(i -> " " + i.asInternalName()).collect(Collectors.joining()));
    lines.add(name + ": " + flags + " " + shape + (isProviderType(type) ? " @ProviderType" : ""));
    for (FieldModel field : type.fields()) {
      add(lines, name, field.flags().flags(), field.fieldName() + " "
          + field.findAttribute(Attributes.signature()).map(s -> s.signature().stringValue())
              .orElse(field.fieldType().stringValue())
          + field.findAttribute(Attributes.constantValue()).map(ConstantValueAttribute::constant)
              .map(value -> " = " + value.constantValue()).orElse(""));
    }
    for (MethodModel method : type.methods()) {
      add(lines, name, method.flags().flags(), method.methodName()
          + method.findAttribute(Attributes.signature()).map(s -> s.signature().stringValue())
              .orElse(method.methodType().stringValue()));
    }
    return lines;
  }

  /** The text form, which {@link #parse} reads. */
  String text() {
    StringBuilder text = new StringBuilder();
    packages.forEach((name, exported) -> {
      text.append(HEADER).append(name).append(' ').append(exported.version()).append('\n');
      exported.lines().forEach(line -> text.append(line).append('\n'));
    });
    return text.toString();
  }

  static ApiListing parse(List<String> text) {
    SortedMap<String, ExportedPackage> packages = new TreeMap<>();
    ExportedPackage current = null;
    for (String line : text) {
      if (line.startsWith(HEADER)) {
        String[] words = line.split(" ");
        current = new ExportedPackage(words[2], new TreeSet<>());
        packages.put(words[1], current);
      } else if (!line.isBlank()) {
        if (current == null) {
          throw new IllegalArgumentException("a listing begins with \"package NAME VERSION\", got: " + line);
        }
        current.lines().add(line);
      }
    }
    return new ApiListing(packages);
  }

  private static void add(List<String> lines, String type, Set<AccessFlag> flags, String member) {
    boolean hidden = flags.contains(AccessFlag.SYNTHETIC) || flags.contains(AccessFlag.BRIDGE);
    String text = words(flags);
    if (!hidden && isVisible(text)) {
      lines.add(type + "#" + member + ": " + text);
    }
  }

  /** The flags of a type; those of a nested one stand in its InnerClasses entry. */
  private static String typeFlags(ClassModel type) {
    return type.findAttribute(Attributes.innerClasses())
        .flatMap(inner -> inner.classes().stream()
            .filter(info -> info.innerClass().asInternalName().equals(type.thisClass().asInternalName()))
            .findFirst())
        .map(InnerClassInfo::flags)
        .map(ApiListing::words)
        .orElseGet(() -> words(type.flags().flags()));
  }

  private static boolean isProviderType(ClassModel type) {
    return type.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
        .flatMap(all -> all.annotations().stream())
        .anyMatch(annotation -> annotation.className().stringValue().endsWith("/ProviderType;"));
  }

  private static boolean isVisible(String flags) {
    return flags.contains("public") || flags.contains("protected");
  }

  /** What matters of the flags to someone who compiles against them, in a fixed order. */
  private static String words(Set<AccessFlag> flags) {
    Map<AccessFlag, String> words = new TreeMap<>();
    for (AccessFlag flag : flags) {
      switch (flag) {
        case PUBLIC, PROTECTED, STATIC, FINAL, ABSTRACT, INTERFACE, ENUM, ANNOTATION ->
            words.put(flag, flag.name().toLowerCase(java.util.Locale.ROOT));
        default -> {
        }
      }
    }
    return String.join(" ", words.values());
  }
}
