// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Classes of this program, found by their files, so that there are no lists of them. */
public final class OwnClasses {
  private OwnClasses() {}

  /** Those beside this class and in packages below that are of a type, aren't abstract, and have a constructor without arguments. */
  public static <T> List<Class<? extends T>> of(Class<T> type) {
    try {
      Path root = Path.of(OwnClasses.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path here = root.resolve(OwnClasses.class.getPackageName().replace('.', '/'));
      try (Stream<Path> files = Files.walk(here)) {
        return files.filter(file -> file.toString().endsWith(".class")).sorted()
            .<Class<? extends T>>map(file -> kind(root.relativize(file), type)).filter(Objects::nonNull).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The class in a file if it is one. */
  private static <T> Class<? extends T> kind(Path file, Class<T> wanted) {
    String name = file.toString().replace(file.getFileSystem().getSeparator(), ".");
    try {
      Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()), false, OwnClasses.class.getClassLoader());
      boolean is = wanted.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())
          && Stream.of(type.getDeclaredConstructors()).anyMatch(constructor -> constructor.getParameterCount() == 0);
      return is ? type.asSubclass(wanted) : null;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An object of one. */
  public static <T> T make(Class<? extends T> type) {
    try {
      Constructor<? extends T> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " can't be made: " + e, e);
    }
  }
}
