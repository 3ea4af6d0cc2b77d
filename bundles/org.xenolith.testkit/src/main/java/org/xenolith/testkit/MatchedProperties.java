// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The properties by which a factory's component is matched with nodes, as its class file has them: the annotation {@code @Component} isn't there at run time (OSGi Compendium 8,
 * 112.8), and its XML is made only when the bundle is packed.
 */
final class MatchedProperties {
  /** Those that match something: {@code org.xenolith.machine} looks at these. */
  private static final Set<String> MATCHING = Set.of("xenolith.compatible", "xenolith.function", "xenolith.enable-method",
      "xenolith.subsystem",
      "xenolith.firmware", "xenolith.efi-layer");
  /** Those that say more of what matches. */
  private static final Set<String> MORE = Set.of("xenolith.instructions", "xenolith.engine");
  private static final String COMPONENT = "Lorg/osgi/service/component/annotations/Component;";
  private static final Pattern PROPERTY = Pattern.compile("(xenolith\\.[A-Za-z.-]+)(?::[A-Za-z]+)?=");

  private MatchedProperties() {}

  /** Fails if the class is a component, and its properties match nothing. */
  static void check(Class<?> factory) throws IOException {
    String name = factory.getName().substring(factory.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = factory.getResourceAsStream(name)) {
      if (in != null) {
        check(factory.getName(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** The same of a class file, a character for each byte. */
  static void check(String name, String classFile) {
    if (!classFile.contains(COMPONENT)) {
      return;
    }
    Set<String> said = new TreeSet<>();
    for (Matcher property = PROPERTY.matcher(classFile); property.find();) {
      said.add(property.group(1));
    }
    List<String> unknown = said.stream().filter(each -> !MATCHING.contains(each) && !MORE.contains(each)).toList();
    if (said.stream().noneMatch(MATCHING::contains)) {
      throw new AssertionError(name + " matches nothing: expected one of " + new TreeSet<>(MATCHING)
          + " among the properties of its @Component, got "
          + said);
    }
    if (!unknown.isEmpty()) {
      throw new AssertionError(name + ": nobody knows the properties " + unknown + " of its @Component");
    }
  }
}
