// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what can be attacked by looking at the class files beside this one, in packages below, too. */
public final class Attacks {
  private Attacks() {}

  /** One object of each, by word. */
  public static List<Attack> all() {
    return kinds().stream().map(Attacks::make).sorted(Comparator.comparing(Attack::word)).toList();
  }

  /**
   * A new object of the attack with a word.
   *
   * @throws IllegalArgumentException there is none; it says which there are
   */
  public static Attack named(String word) {
    List<Attack> all = all();
    return all.stream().filter(attack -> attack.word().equals(word)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no entry " + word + "; there are "
            + all.stream().map(Attack::word).collect(Collectors.joining(", "))));
  }

  private static List<Class<? extends Attack>> kinds() {
    try {
      Path root = Path.of(Attacks.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path here = root.resolve(Attacks.class.getPackageName().replace('.', '/'));
      try (Stream<Path> files = Files.walk(here)) {
        return files.filter(file -> file.toString().endsWith(".class")).<Class<? extends Attack>>map(file -> kind(root.relativize(file)))
            .filter(Objects::nonNull).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The class in a file if it is an attack. */
  private static Class<? extends Attack> kind(Path file) {
    String name = file.toString().replace(file.getFileSystem().getSeparator(), ".");
    try {
      Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()), false, Attacks.class.getClassLoader());
      boolean attack = Attack.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())
          && Stream.of(type.getDeclaredConstructors()).anyMatch(constructor -> constructor.getParameterCount() == 0);
      return attack ? type.asSubclass(Attack.class) : null;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Attack make(Class<? extends Attack> type) {
    try {
      Constructor<? extends Attack> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " can't be made: " + e, e);
    }
  }
}
