// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The product's folder.
 *
 * <pre>
 * lib/            the class path: xenolith.jar, which only names the others, launch.jar, framework.jar, and code.jar with the bundles' classes; code.list
 * plugins/        every bundle that is installed at start
 * jvm.options     flags for the JVM
 * configuration/  the framework's storage as it is with all of them installed and resolved, and "fingerprint"
 * classes.aot     the JVM's cache of what a start loads and links; may be absent
 * </pre>
 *
 * <p>Where the folder was unpacked from an archive, the last two are made when it is first started, in the user's cache ({@link Preparation}).
 *
 * <p>A run never writes here: it works on a copy of {@code configuration}, so that runs don't see one another's
 * installed and removed bundles and may go on side by side.
 *
 * @param folder the folder itself
 */
public record Home(Path folder) {
  /** The system property that names the folder with "configuration" and "classes.aot", where they don't lie in the product's own. */
  public static final String PREPARED = "xenolith.prepared";
  /** The JVM's cache of what a start loads and links (JEP 514). */
  public static final String CLASSES = "classes.aot";
  /** File of flags for every process. */
  public static final String FLAGS = "jvm.options";
  /** In the folder lib. */
  private static final String START = "xenolith.jar";

  /**
   * The product that this process was started from. Not by where a class lies, as the JVM's cache says where that was when the cache was made: a copy of a product would
   * run the product that it is a copy of.
   *
   * @param type a class of the product, for a process that was started without its class path
   */
  public static Home ofThisProcess(Class<?> type) throws URISyntaxException {
    Path started = Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0]).toAbsolutePath();
    Path jar = started.getFileName().toString().equals(START) ? started : Path.of(type.getProtectionDomain().getCodeSource().getLocation()
        .toURI());
    return new Home(jar.getParent().getParent());
  }

  public Path plugins() {
    return folder.resolve("plugins");
  }

  public Path configuration() {
    String elsewhere = System.getProperty(PREPARED);
    return (elsewhere == null ? folder : Path.of(elsewhere)).resolve("configuration");
  }

  /** The jar to start: its manifest has the class path. */
  public Path start() {
    return folder.resolve("lib").resolve(START);
  }

  /** The classes of the checkout's bundles. */
  Path code() {
    return folder.resolve("lib/code.jar");
  }

  /** A line for each bundle whose classes are on the class path: its jar in {@link #plugins}, and its packages. */
  Path codeList() {
    return folder.resolve("lib/code.list");
  }

  /** Whether this process was started with the product's class path; with the launcher alone, bundles are loaded from their jars. */
  boolean onClassPath() {
    return Path.of(System.getProperty("java.class.path")).toAbsolutePath().normalize().equals(start().toAbsolutePath().normalize());
  }

  /** The bundles to install, in name order, so that bundle ids are the same in each run. */
  public List<Path> bundles() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(plugins())) {
      List<Path> jars = new ArrayList<>();
      for (Path file : files) {
        if (file.toString().endsWith(".jar")) {
          jars.add(file);
        }
      }
      jars.sort(null);
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException(plugins() + ": cannot list the bundles; run ./xenolith again to rebuild", e);
    }
  }

  /** What {@link #configuration} depends on: the JVM, where the product lies, and each bundle's name, size and age. */
  String fingerprint() {
    StringBuilder all = new StringBuilder().append(Runtime.version()).append('\n').append(plugins().toAbsolutePath()).append('\n');
    for (Path file : bundles()) {
      try {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        all.append(file.getFileName()).append(' ').append(facts.size()).append(' ').append(facts.lastModifiedTime().toMillis()).append(
            '\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all.toString();
  }

  /** Whether {@link #configuration} was made from the bundles that are there now, and for a process like this one. */
  public boolean prepared() {
    Path file = configuration().resolve("fingerprint");
    try {
      return Files.exists(file) && Files.readString(file).equals(fingerprint()) && (onClassPath() || !Files.exists(codeList()));
    } catch (IOException e) {
      return false; // a start from nothing is slower and otherwise the same
    }
  }
}
