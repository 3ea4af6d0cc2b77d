// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classes of the built bundles and which of ours each names. Constants of another class are copied by the compiler, so that whoever
 * uses nothing else of it doesn't name it.
 *
 * @param models     every class, by its binary name with dots
 * @param bundles    symbolic name of the bundle that holds it
 * @param references the classes of ours that it names
 */
record BuiltClasses(SortedMap<String, ClassModel> models, Map<String, String> bundles, Map<String, Set<String>> references) {
  private static final Pattern OURS = Pattern.compile("org/xenolith/[\\w/$]+");

  /** Reads the jars. */
  static BuiltClasses of(List<BuiltBundle> built) {
    BuiltClasses classes = new BuiltClasses(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    for (BuiltBundle bundle : built) {
      try (JarFile jar = new JarFile(bundle.jar().toFile())) {
        for (var entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
          try (InputStream code = jar.getInputStream(entry)) {
            classes.add(bundle.name(), code.readAllBytes());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(bundle.jar() + ": " + e.getMessage(), e);
      }
    }
    return classes;
  }

  /** Adds a class of a bundle. */
  void add(String bundle, byte[] code) {
    ClassModel type = ClassFile.of().parse(code);
    String name = name(type.thisClass().asInternalName());
    Set<String> named = new TreeSet<>();
    for (PoolEntry entry : type.constantPool()) {
      if (entry instanceof Utf8Entry text && text.stringValue().contains("org/xenolith/")) {
        Matcher matcher = OURS.matcher(text.stringValue());
        while (matcher.find()) {
          named.add(name(matcher.group()));
        }
      }
    }
    named.remove(name);
    models.put(name, type);
    bundles.put(name, bundle);
    references.put(name, named);
  }

  /** The bundles, other than its own, that have a class which names this one. */
  Set<String> users(String type) {
    Set<String> users = new TreeSet<>();
    references.forEach((from, named) -> {
      if (named.contains(type) && !bundles.get(from).equals(bundles.get(type))) {
        users.add(bundles.get(from));
      }
    });
    return users;
  }

  static String name(String internal) {
    return internal.replace('/', '.');
  }
}
