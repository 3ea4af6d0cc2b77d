// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bundle whose code a crashed JVM was in, by the innermost frame of its report that is not the JDK's.
 *
 * @param bundle symbolic name and version
 * @param method the method, with its class
 * @param late   whether it came while the program ran
 */
record CrashedBundle(String bundle, String method, boolean late) {
  /** A frame of Java code: compiled ones have a number, a compiler and an address besides, the JDK's a module. */
  private static final Pattern FRAME = Pattern.compile(
      "(?m)^[jJ] +(?:\\d+%? *(?:[bsn!] )*(?:c\\d |jvmci )?)?([^ (]+)\\.([^. (]+)\\([^ ]*(?: ([a-z.]+)@)?");
  private static final Pattern NAME = Pattern.compile("\\s*([^;\\s]+).*");
  /** How deep the framework keeps what it was given: by bundle and by generation. */
  private static final int DEPTH = 4;

  /**
   * Looks for it.
   *
   * @param report  the JVM's
   * @param storage what the framework of the run kept; it needn't be there
   * @param product the folder of the product's bundles; it needn't be there
   * @return null if no frame is a bundle's
   */
  static CrashedBundle of(String report, Path storage, Path product) throws IOException {
    Matcher frame = FRAME.matcher(report);
    while (frame.find()) {
      if (frame.group(3) == null) {
        String type = frame.group(1).replaceFirst("\\$\\$.*", "");
        String file = type.replace('.', '/') + ".class";
        String method = type + '.' + frame.group(2);
        for (Path folder : List.of(storage, product)) {
          String bundle = holder(folder, file);
          if (bundle != null) {
            return new CrashedBundle(bundle, method, folder == storage);
          }
        }
      }
    }
    return null;
  }

  /** The bundle with that class among the jars below a folder; null for none. */
  private static String holder(Path folder, String file) throws IOException {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> jars = Files.walk(folder, DEPTH)) {
      return jars.filter(Files::isRegularFile).map(jar -> named(jar, file)).filter(name -> name != null).findFirst().orElse(null);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String named(Path jar, String file) {
    try (JarFile content = new JarFile(jar.toFile())) {
      Manifest manifest = content.getEntry(file) == null ? null : content.getManifest();
      Attributes main = manifest == null ? null : manifest.getMainAttributes();
      Matcher name = NAME.matcher(main == null ? "" : String.valueOf(main.getValue("Bundle-SymbolicName")));
      return main != null && name.matches() ? name.group(1) + ' ' + main.getValue("Bundle-Version") : null;
    } catch (IOException e) {
      // The framework's own files lie there, too.
      return null;
    }
  }
}
